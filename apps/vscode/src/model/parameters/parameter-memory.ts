import { createHash } from "node:crypto";
import type { Cell } from "../../../shared/protocol/results.ts";

/** Where values are kept; VS Code's Memento is one. */
export interface KeyValueStore {
  get<T>(key: string, fallback: T): T;
  update(key: string, value: unknown): Thenable<void>;
}

const KEY = "rockpool.parameterValues";
const MOST_VALUES = 200;
const SECRET = /pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|credential/i;

type Remembered = readonly (readonly [key: string, value: Cell])[];

/** Whether a parameter's name says that its value is nobody's business. */
export function isSecret(label: string): boolean {
  return SECRET.test(label);
}

/**
 * The values that parameters were given last: a name's in all of the workspace, a number's in its statement.
 *
 * Values of parameters whose name sounds like a secret are never kept.
 */
export class ParameterMemory {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** The last value; undefined where there was none. */
  recall(label: string, statement: string): Cell | undefined {
    const key = keyOf(label, statement);
    return this.#all.find(([each]) => each === key)?.[1];
  }

  async remember(label: string, statement: string, value: Cell): Promise<void> {
    if (isSecret(label)) return;
    const key = keyOf(label, statement);
    const others = this.#all.filter(([each]) => each !== key);
    await this.#store.update(KEY, [[key, value], ...others].slice(0, MOST_VALUES));
  }

  get #all(): Remembered {
    return this.#store.get<Remembered>(KEY, []);
  }
}

/** A statement is known by its words, however they are laid out. */
function keyOf(label: string, statement: string): string {
  if (label.startsWith(":")) return label;
  const hash = createHash("sha256").update(statement.replace(/\s+/g, " ").trim());
  return `${label} ${hash.digest("base64url").slice(0, 16)}`;
}
