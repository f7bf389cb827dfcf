/** Two numbers hold the beginning of a text, eight characters each: so many fit exactly. */
const HEAD_LENGTH = 8;
const KEY_LENGTH = 2 * HEAD_LENGTH;
const FIRST = 0x20;
const LAST = 0x7e;

/**
 * The beginnings of texts as numbers that are in the order of a collator, since it takes long to compare a million texts by one.
 *
 * Where two keys differ, so do their texts at the collator's first level, which what follows cannot change. A text without a key
 * (NULL, or one with other characters than those of ASCII at its beginning) has NaN, which is neither less nor greater.
 */
export class TextKeys {
  readonly #ranks: Uint8Array | null;
  readonly #heads: Float64Array;
  readonly #tails: Float64Array;

  constructor(collator: Intl.Collator, count: number) {
    this.#ranks = ranksBy(collator);
    this.#heads = new Float64Array(count).fill(Number.NaN);
    this.#tails = new Float64Array(count).fill(Number.NaN);
  }

  set(row: number, text: string): void {
    // A mark behind the key can change its last letter.
    const end = Math.min(text.length, KEY_LENGTH + 1);
    for (let index = 0; index < end; index++) if (!isPlain(text.charCodeAt(index))) return;
    if (this.#ranks === null) return;
    this.#heads[row] = numberOf(text, 0, this.#ranks);
    this.#tails[row] = numberOf(text, HEAD_LENGTH, this.#ranks);
  }

  /** Negative or positive where the keys tell the order of two rows; else 0. */
  compare(a: number, b: number): number {
    const [left = 0, right = 0] = [this.#heads[a], this.#heads[b]];
    if (left < right) return -1;
    if (left > right) return 1;
    if (left !== right) return 0;
    const [leftTail = 0, rightTail = 0] = [this.#tails[a], this.#tails[b]];
    return leftTail < rightTail ? -1 : Number(leftTail > rightTail);
  }
}

function isPlain(code: number): boolean {
  return code >= FIRST && code <= LAST;
}

function numberOf(text: string, start: number, ranks: Uint8Array): number {
  let key = 0;
  for (let index = start; index < start + HEAD_LENGTH; index++) {
    key = key * (LAST - FIRST + 2) + (index < text.length ? (ranks[text.charCodeAt(index)] ?? 0) : 0);
  }
  return key;
}

/** The rank of each plain character, from 1; null where the collator takes some of them together, as Czech does with `ch`. */
function ranksBy(collator: Intl.Collator): Uint8Array | null {
  const base = new Intl.Collator(collator.resolvedOptions().locale, { sensitivity: "base" });
  const characters = Array.from({ length: LAST - FIRST + 1 }, (_, index) =>
    String.fromCharCode(FIRST + index),
  ).sort(base.compare);
  const ranks = new Uint8Array(LAST + 1);
  const distinct: string[] = [];
  for (const character of characters) {
    const last = distinct.at(-1);
    if (last === undefined || base.compare(last, character) !== 0) distinct.push(character);
    ranks[character.charCodeAt(0)] = distinct.length;
  }
  const pairs = distinct.flatMap((first) => ["", ...distinct].map((second) => first + second));
  const isRanked = pairs.every(
    (pair, index) => index === 0 || base.compare(pairs[index - 1] ?? "", pair) < 0,
  );
  return isRanked ? ranks : null;
}
