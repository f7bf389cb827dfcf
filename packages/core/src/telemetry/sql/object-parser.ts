import { OBJECT_KINDS, OBJECT_MODIFIERS, OBJECT_PREFIXES } from "./sql-words.ts";

/** Finds the kind and the name in what follows a command such as CREATE or DROP; the rest of the statement is not its concern. */
export class ObjectParser {
  readonly #takesList: boolean;
  #hasKind: boolean;
  #isNamed = false;
  #depth = 0;

  /**
   * @param options.hasKind - whether a kind can come first, as in `DROP TABLE t`, or a name at once, as in `CALL f`.
   * @param options.takesList - whether more names can follow commas.
   */
  constructor(options: { hasKind: boolean; takesList: boolean }) {
    this.#hasKind = !options.hasKind;
    this.#takesList = options.takesList;
  }

  /** What a word is to the summary. */
  word(upper: string): "operation" | "target" | null {
    if (this.#isNamed || this.#depth > 0 || OBJECT_MODIFIERS.has(upper)) return null;
    if (!this.#hasKind && (OBJECT_PREFIXES.has(upper) || OBJECT_KINDS.has(upper))) {
      this.#hasKind = OBJECT_KINDS.has(upper);
      return "operation";
    }
    if (upper === "MAPPING") return "operation";
    this.#hasKind = true;
    this.#isNamed = true;
    return "target";
  }

  symbol(token: string): void {
    if (token === "(") this.#depth += 1;
    else if (token === ")") this.#depth -= 1;
    else if (token === "," && this.#depth === 0 && this.#takesList) this.#isNamed = false;
  }
}
