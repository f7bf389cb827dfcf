/** Collects the codes of the warnings that the process emits until it is disposed of. */
export function collectWarnings(): Disposable & { readonly codes: (string | undefined)[] } {
  const codes: (string | undefined)[] = [];
  const listener = (warning: Error & { code?: string }): void => void codes.push(warning.code);
  process.on("warning", listener);
  return { codes, [Symbol.dispose]: () => void process.removeListener("warning", listener) };
}

/** Resolves after the warnings that were emitted so far have been delivered. */
export async function warningsDelivered(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
