/** A box that floats over the view under an element, until Escape, a press elsewhere, or the focus goes elsewhere. */
export class Popup {
  readonly root: HTMLElement;
  readonly #onClosed: () => void;
  readonly #onPress = (event: PointerEvent) => {
    if (event.target instanceof Node && !this.root.contains(event.target)) this.close();
  };

  constructor(root: HTMLElement, onClosed: () => void) {
    this.root = root;
    this.#onClosed = onClosed;
    root.classList.add("popup");
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.#onClosed();
    });
    root.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !root.contains(relatedTarget)) this.close();
    });
  }

  /** Opens under an element, moved so far that it is whole in the view. */
  openAt(anchor: HTMLElement): void {
    const { left, bottom } = anchor.getBoundingClientRect();
    (document.querySelector("main") ?? document.body).append(this.root);
    const { width, height } = this.root.getBoundingClientRect();
    this.root.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
    this.root.style.top = `${Math.max(4, Math.min(bottom, innerHeight - height - 4))}px`;
    document.addEventListener("pointerdown", this.#onPress, true);
    this.root.querySelector<HTMLElement>("[autofocus], button, input, select")?.focus();
  }

  close(): void {
    document.removeEventListener("pointerdown", this.#onPress, true);
    this.root.remove();
  }
}
