/** An id in hexadecimal as numbers of 32 bits; what is no such id is zeros. */
export function wordsOfHex(hex: string | null, words: number): number[] {
  return Array.from({ length: words }, (_, index) => {
    const value = hex === null ? 0 : Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16);
    return Number.isNaN(value) ? 0 : value;
  });
}

/** The id again; null where it was none. */
export function hexOfWords(words: readonly number[]): string | null {
  if (words.every((word) => word === 0)) return null;
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}
