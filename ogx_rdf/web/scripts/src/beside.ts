// The document beside its claims: whichever side is pointed at, the other one is shown with it.
// Without this the two are joined by plain links.

const near = "shown";

interface Pair {
  words: HTMLElement[];
  claim: HTMLElement;
}

export function joinSides(root: ParentNode): void {
  const beside = root.querySelector<HTMLElement>(".beside");
  if (!beside || beside.dataset.joined !== undefined) return;
  beside.dataset.joined = "";
  const pairs = new Map<HTMLElement, Pair[]>();
  for (const claim of beside.querySelectorAll<HTMLElement>(".said li[id]")) join(pairs, pairOf(beside, claim));
  beside.addEventListener("click", (event) => choose(pairs, event));
  for (const kind of ["mouseover", "focusin"]) {
    beside.addEventListener(kind, (event) => show(beside, found(pairs, event.target), near));
  }
  beside.addEventListener("mouseleave", () => show(beside, [], near));
  followOutline(beside);
}

function pairOf(beside: HTMLElement, claim: HTMLElement): Pair {
  const words = beside.querySelectorAll<HTMLElement>(`mark[data-evidence~="${CSS.escape(claim.id)}"]`);
  const letter = document.getElementById(`w-${claim.id}`);
  return { words: [...words, ...(letter ? [letter] : [])], claim };
}

function join(pairs: Map<HTMLElement, Pair[]>, pair: Pair): void {
  for (const side of [...pair.words, pair.claim]) pairs.set(side, [...(pairs.get(side) ?? []), pair]);
}

function length(pair: Pair): number {
  return pair.words.reduce((sum, words) => sum + (words.textContent ?? "").length, 0);
}

function found(pairs: Map<HTMLElement, Pair[]>, target: EventTarget | null): Pair[] {
  const side = (target as Element | null)?.closest?.<HTMLElement>("mark, .mark, .said li[id]");
  return (side && pairs.get(side)) || [];
}

function show(beside: HTMLElement, shown: Pair[], look: string): void {
  for (const old of beside.querySelectorAll(`.${look}`)) old.classList.remove(look);
  for (const pair of shown) for (const side of [...pair.words, pair.claim]) side.classList.add(look);
}

function choose(pairs: Map<HTMLElement, Pair[]>, event: MouseEvent): void {
  const target = event.target as Element;
  const link = target.closest<HTMLAnchorElement>("a");
  const own = link?.matches(".mark, .back");
  // Where several quotes overlap, the shortest of them is meant: it is the one that can be meant nowhere else.
  const pair = found(pairs, target).sort((one, other) => length(one) - length(other))[0];
  if (!pair || event.ctrlKey || event.metaKey || event.shiftKey || (link && !own)) return;
  if (!getSelection()?.isCollapsed) return; // words are being selected, not chosen
  event.preventDefault();
  const fromWords = pair.words.some((side) => side.contains(target));
  const other = fromWords ? pair.claim : (pair.words[0] ?? pair.claim);
  history.replaceState(null, "", `#${fromWords ? pair.claim.id : `w-${pair.claim.id}`}`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  other.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  const beside = other.closest<HTMLElement>(".beside")!;
  show(beside, [pair], "chosen");
  other.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
}

function followOutline(beside: HTMLElement): void {
  const links = new Map<Element, HTMLAnchorElement>();
  for (const link of beside.querySelectorAll<HTMLAnchorElement>(".outline a")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  const seen = new Set<Element>();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) entry.isIntersecting ? seen.add(entry.target) : seen.delete(entry.target);
      const first = [...links.keys()].find((section) => seen.has(section));
      for (const [section, link] of links) {
        if (section === first) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-10% 0px -70% 0px" },
  );
  for (const section of links.keys()) watcher.observe(section);
}
