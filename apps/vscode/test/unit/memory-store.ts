import type { KeyValueStore } from "../../src/model/parameters/parameter-memory.ts";

/** What a Memento does, for as long as the test. */
export class MemoryStore implements KeyValueStore {
  readonly #kept = new Map<string, string>();

  get<T>(key: string, fallback: T): T {
    const text = this.#kept.get(key);
    return text === undefined ? fallback : JSON.parse(text);
  }

  async update(key: string, value: unknown): Promise<void> {
    this.#kept.set(key, JSON.stringify(value));
  }

  /** Everything that is kept, as text. */
  get text(): string {
    return [...this.#kept.values()].join("\n");
  }
}
