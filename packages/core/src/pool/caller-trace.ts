/** Where a caller asked for a connection. The stack is made into text only where somebody reads it. */
export interface CallerTrace {
  readonly message: string;
  readonly stack?: string;
}

/** @param verb - the public method that was called: the first line of the stack is the one that called it. */
export function callerTrace(verb: (...given: never[]) => unknown): CallerTrace {
  const trace: CallerTrace = { message: "acquired here" };
  Error.captureStackTrace(trace, verb);
  return trace;
}
