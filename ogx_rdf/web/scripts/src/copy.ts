// A button beside everything that may be copied: commands, queries, citations.

const told = "data-copied";

export function offerCopies(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>("pre, textarea[readonly], form.edit textarea")) {
    if (place.hasAttribute(told)) continue;
    place.setAttribute(told, "");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copies";
    button.textContent = "Copy";
    button.addEventListener("click", () => void copy(place, button));
    const row = place.closest("form.edit")?.querySelector(".send");
    row ? row.append(button) : place.before(button);
  }
}

async function copy(place: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const text = place instanceof HTMLTextAreaElement ? place.value : (place.textContent ?? "");
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // Without leave to write to the clipboard the text is selected, for the reader's own keys.
    select(place);
    button.textContent = "Selected: copy it with your keys";
  }
  announce(button.textContent);
  setTimeout(() => (button.textContent = "Copy"), 2500);
}

function select(place: HTMLElement): void {
  if (place instanceof HTMLTextAreaElement) place.select();
  else getSelection()?.selectAllChildren(place);
}

function announce(text: string): void {
  let place = document.getElementById("announced");
  if (!place) {
    place = document.createElement("p");
    place.id = "announced";
    place.className = "hidden";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = text;
}
