/** An error inside the engine that nobody is there to catch is a failure of the run in which it happened. */
export async function withoutStrayRejections(work: () => Promise<void>): Promise<void> {
  const strays: unknown[] = [];
  const note = (reason: unknown) => strays.push(reason);
  process.on("unhandledRejection", note);
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
  }
  if (strays.length > 0) throw strays[0];
}
