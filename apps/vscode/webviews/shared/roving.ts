/** Makes the buttons of a list one stop of the Tab key: arrows, Home and End lead from one to the other. */
export class RovingList {
  readonly #list: HTMLElement;

  constructor(list: HTMLElement) {
    this.#list = list;
    list.addEventListener("keydown", (event) => this.#walk(event));
    list.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLButtonElement) this.#stopAt(target);
    });
  }

  /** The list has been drawn anew. */
  refresh(): void {
    const [first] = this.#buttons;
    if (first !== undefined) this.#stopAt(first);
  }

  get #buttons(): readonly HTMLButtonElement[] {
    return [...this.#list.querySelectorAll("button")];
  }

  #stopAt(stop: HTMLButtonElement): void {
    for (const button of this.#buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  #walk(event: KeyboardEvent): void {
    const buttons = this.#buttons;
    const here = buttons.findIndex((button) => button === event.target);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const target = buttons[places[event.key] ?? -1];
    if (target === undefined) return;
    event.preventDefault();
    target.focus();
  }
}
