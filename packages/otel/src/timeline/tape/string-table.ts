/** Numbers for texts that come again and again, such as summaries of statements; 0 is no text. */
export class StringTable {
  readonly #limit: number;
  readonly #indices = new Map<string, number>();
  readonly #texts: string[] = [];

  /** @param limit - how many texts are told apart; what comes later is `…`. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many texts there are. */
  get size(): number {
    return this.#texts.length;
  }

  /** The texts from the one with this number on. */
  from(index: number): readonly string[] {
    return this.#texts.slice(index - 1);
  }

  indexOf(text: string | null): number {
    if (text === null) return 0;
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= this.#limit && text !== "…") return this.indexOf("…");
    this.#texts.push(text);
    this.#indices.set(text, this.#texts.length);
    return this.#texts.length;
  }

  text(index: number): string | null {
    return this.#texts[index - 1] ?? null;
  }
}
