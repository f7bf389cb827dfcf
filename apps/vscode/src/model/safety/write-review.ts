import { effectOf, type WriteEffect } from "./statement-effect.ts";

/** A statement of a run that writes, or may. */
export interface ReviewedWrite extends WriteEffect {
  /** 1-based, in the document. */
  readonly line: number;
  /** True where a function could not be looked up, so that nobody knows. */
  readonly isGuess: boolean;
}

/** Tells which of these functions may write; null where the server could not be asked. */
export type FunctionLookUp = (names: readonly string[]) => Promise<readonly string[] | null>;

/** The statements of a run that write, in order; asks the server once, and only where functions are called. */
export async function reviewWrites(
  statements: readonly { readonly text: string; readonly line: number }[],
  lookUp: FunctionLookUp,
): Promise<readonly ReviewedWrite[]> {
  const effects = statements.map(({ text, line }) => ({ effect: effectOf(text), line }));
  const names = effects.flatMap(({ effect }) => (effect.kind === "calls" ? effect.functions : []));
  const writing = names.length === 0 ? [] : await lookUp([...new Set(names)]);
  return effects.flatMap(({ effect, line }): ReviewedWrite[] => {
    if (effect.kind === "none") return [];
    if (effect.kind === "write") return [{ ...effect, line, isGuess: false }];
    const called = effect.functions.find((name) => writing === null || writing.includes(name));
    if (called === undefined) return [];
    const target = `${called}()`;
    return [{ kind: "write", verb: "CALL", target, isOnEveryRow: false, line, isGuess: writing === null }];
  });
}
