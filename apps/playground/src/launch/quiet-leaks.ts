const LEAK = "POOL_LEAK_SUSPECTED";

/**
 * Keeps the warnings of suspected leaks from standard error: the playground makes leaks on purpose, and the live view
 * shows them. Other warnings are printed as Node.js prints them.
 */
export function quietLeaks(): void {
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if ("code" in warning && warning.code === LEAK) return;
    for (const print of printers) print.call(process, warning);
  });
}
