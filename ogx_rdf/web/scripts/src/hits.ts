// The panel of the search field at the top of each page: shown while there is something typed, left by Escape.

export function followHits(): void {
  const form = document.querySelector<HTMLFormElement>("form.find");
  const panel = document.getElementById("hits");
  const field = form?.querySelector<HTMLInputElement>("input[type=search]");
  if (!form || !panel || !field) return;

  const leave = (): void => panel.replaceChildren();
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      leave();
      field.focus();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
  });
  field.addEventListener("input", () => {
    if (field.value.trim() === "") leave();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target as Node)) leave();
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget as Node)) leave();
  });

  function move(event: KeyboardEvent): void {
    const places = [field, ...panel!.querySelectorAll<HTMLElement>("a")] as HTMLElement[];
    const at = places.indexOf(document.activeElement as HTMLElement);
    const next = places[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }
}
