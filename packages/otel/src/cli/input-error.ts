/** An input that cannot be read. The system's own words do not always say which. */
export class InputError extends Error {
  constructor(name: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(reason.includes(name) ? reason : `${name}: ${reason}`, { cause });
    this.name = "InputError";
  }
}
