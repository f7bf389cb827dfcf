import { ConnectionLostError, QueryTimeoutError } from "../errors.ts";
import { checkLimits } from "./limit.ts";
import type { Operation } from "./operations/operation.ts";
import { OperationGuard } from "./operations/operation-guard.ts";
import type { OperationOptions } from "./query.ts";
import { isServerError } from "./server-error.ts";
import type { SessionContext } from "./session-context.ts";

/** Makes an operation that settles a promise. */
export type MakeOperation<T> = (resolve: (value: T) => void, reject: (error: unknown) => void) => Operation;

/** Runs an operation under the limits of its caller. */
export function runOperation<T>(
  { channel }: SessionContext,
  options: OperationOptions | undefined,
  make: MakeOperation<T>,
): Promise<T> {
  return new Promise<T>((resolve) => {
    checkLimits(options);
    const operation = make(resolve, (error) => resolve(leadToCaller(error)));
    operation.guard = OperationGuard.watch(channel, operation, options);
    channel.run(operation);
  });
}

/**
 * An error that was made where the socket is read gets a stack that leads to whoever waits for the operation.
 *
 * The operation's promise takes up this one a turn of the microtask queue after it was given, and only then do the two hang
 * together. So a success costs no second promise.
 */
async function leadToCaller(error: unknown): Promise<never> {
  await null;
  await null;
  const isOurs = error instanceof ConnectionLostError || error instanceof QueryTimeoutError;
  if (isOurs || isServerError(error)) Error.captureStackTrace(error, leadToCaller);
  throw error;
}
