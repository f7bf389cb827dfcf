import type { Viewport } from "./viewport.ts";

/** Space pauses and Escape follows the present also where nothing of the page has the focus, as after it has opened. */
export function listenForPageKeys(viewport: Viewport): void {
  document.addEventListener("keydown", (event) => {
    if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") viewport.togglePause();
    else if (event.key === "Escape") viewport.follow();
    else return;
    event.preventDefault();
  });
}
