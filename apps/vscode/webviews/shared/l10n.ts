/** Where the page brings the texts of the editor's language along. */
const TEXTS_ID = "texts";

const texts: ReadonlyMap<string, string> = readTexts();

/** The words of a view, under the same names as in the host, so that one bundle holds them all. */
export const l10n = {
  /** The text in the editor's language, or as it is where nobody has translated it; `{0}` stands for the first value. */
  t(text: string, ...values: readonly (string | number)[]): string {
    const translated = texts.get(text) ?? text;
    return translated.replace(/\{(\d+)\}/g, (mark, index) => String(values[Number(index)] ?? mark));
  },

  /** A text of the host's model, which names it as the bundle does. */
  known(text: string): string {
    return texts.get(text) ?? text;
  },
};

function readTexts(): ReadonlyMap<string, string> {
  const told = document.getElementById(TEXTS_ID)?.textContent ?? "{}";
  const bundle: Record<string, string> = JSON.parse(told);
  return new Map(Object.entries(bundle));
}
