/** Warns the process of the first error that it is given: what throws once, throws again and again. */
export function warnOnce(): (error: unknown) => void {
  let hasWarned = false;
  return (error) => {
    if (hasWarned) return;
    hasWarned = true;
    process.emitWarning(error instanceof Error ? error : String(error));
  };
}
