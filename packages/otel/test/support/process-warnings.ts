/** Collects the warnings that the process emits until it is disposed of. */
export function collectWarnings(): Disposable & {
  readonly codes: (string | undefined)[];
  readonly messages: string[];
} {
  const codes: (string | undefined)[] = [];
  const messages: string[] = [];
  const listener = (warning: Error & { code?: string }): void => {
    codes.push(warning.code);
    messages.push(warning.message);
  };
  process.on("warning", listener);
  return { codes, messages, [Symbol.dispose]: () => void process.removeListener("warning", listener) };
}

/** Resolves after the warnings that were emitted so far have been delivered. */
export async function warningsDelivered(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
