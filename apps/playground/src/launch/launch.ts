import { claimPort } from "@rockpool/editor";
import { showPool } from "../live/live-view.ts";
import { describeSummary } from "../meter/summary.ts";
import { type Playground, startPlayground } from "../playground.ts";
import { systemClock } from "../time/clock.ts";
import { openDatabase } from "./database.ts";
import { describeAddresses } from "./describe-addresses.ts";
import type { LaunchOptions, LaunchOutput } from "./launch-options.ts";
import { openBrowser } from "./open-browser.ts";
import { quietLeaks } from "./quiet-leaks.ts";
import { reportToEditor, startTelemetry } from "./start-telemetry.ts";
import { startWorkbench } from "./start-workbench.ts";

/**
 * Starts the database, the playground and the editor, runs until the signal aborts or the seconds are over, and ends all
 * of it in the opposite order, whatever happens.
 *
 * @returns whether it got as far as running; false where it was interrupted before.
 * @throws {LaunchError | EditorError | PlaygroundError | ConnectError} something could not be started.
 */
export async function launch(
  options: LaunchOptions,
  output: LaunchOutput,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await run(options, output, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

async function run(options: LaunchOptions, output: LaunchOutput, signal: AbortSignal): Promise<void> {
  const { progress: onProgress } = output;
  quietLeaks();
  await using database = await openDatabase(options, onProgress);
  signal.throwIfAborted();
  const receiverPort = options.editor ? await claimPort(0) : null;
  // The SDK reads the environment of its process.
  Object.assign(process.env, reportToEditor(process.env, receiverPort));
  await using _telemetry = await startTelemetry(process.env);
  await using playground = await startPlayground({
    databaseUrl: database.url,
    port: options.port,
    max: options.max,
    rate: options.rate,
    onProgress,
    signal,
  });
  const workbenchOptions = { databaseUrl: database.url, receiverPort, onProgress, signal };
  await using workbench = options.editor ? await startWorkbench(options, workbenchOptions) : null;
  onProgress(describeAddresses({ database, playground, workbench }));
  if (workbench !== null && output.result.isTTY) openBrowser(workbench.url);
  await runFor(options, { playground, output, signal });
}

interface Running {
  readonly playground: Playground;
  readonly output: LaunchOutput;
  readonly signal: AbortSignal;
}

async function runFor(options: LaunchOptions, { playground, output, signal }: Running): Promise<void> {
  const { seconds, json, editor } = options;
  const timeUp = seconds === null ? [] : [AbortSignal.timeout(seconds * 1_000)];
  const end = AbortSignal.any([signal, ...timeUp]);
  if (editor) await untilAborted(end);
  else
    await showPool(playground, json ? lineScreen(output) : output.result, {
      clock: systemClock,
      signal: end,
    });
  const summary = playground.summary();
  output.result.write(json ? `${JSON.stringify(summary)}\n` : `\n${describeSummary(summary)}\n`);
}

/** With `--json`, standard output belongs to the summary alone. */
function lineScreen({ progress }: LaunchOutput): { isTTY: false; write(text: string): void } {
  return { isTTY: false, write: (text) => progress(text.trimEnd()) };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // A timeout's signal alone does not keep the process alive, nor does an editor in a process of its own.
  const keepAlive = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  clearInterval(keepAlive);
}
