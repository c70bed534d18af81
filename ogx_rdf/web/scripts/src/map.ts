// The map of the mechanism: choosing and unfolding changes the map alone, and the page stays where it is.
// Each state has its address; without this a choice is a plain link to it.

import htmx from "htmx.org";

export function followMap(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("#map a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const address = new URL(link.getAttribute("href")!, location.href);
    if (!leadsHere(address)) return;
    event.preventDefault();
    void take(address);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("#map form")) return;
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value) address.searchParams.append(name, String(value));
    event.preventDefault();
    void take(address);
  });
}

function leadsHere(address: URL): boolean {
  const here = address.origin === location.origin && address.pathname === location.pathname;
  return here && !(address.hash && address.search === location.search);
}

async function take(address: URL): Promise<void> {
  const path = address.pathname + address.search;
  const before = document.querySelector("#map .paper");
  const [left, top] = [before?.scrollLeft ?? 0, before?.scrollTop ?? 0];
  const place = before?.getBoundingClientRect().top ?? 0;
  await htmx.ajax("GET", path, { target: "#map", select: "#map", swap: "outerHTML", push: path });
  const after = document.querySelector("#map .paper");
  after?.scrollTo(left, top);
  // While the map is away the page is short, and a browser moves to what is left of it: back to where the picture was.
  if (after) window.scrollBy({ top: after.getBoundingClientRect().top - place, behavior: "instant" });
  // Whoever reads by ear or by keys goes on at what is to be done next.
  const told = document.getElementById("chosen");
  told?.setAttribute("tabindex", "-1");
  told?.focus({ preventScroll: true });
}
