import { once } from "node:events";
import { OtlpReceiver } from "../receiver/otlp-receiver.ts";
import type { ReuseTimeline } from "../timeline/reuse-timeline.ts";

/** What to do while spans come in. */
export interface ListenOptions {
  readonly port: number;
  /** Null until Ctrl-C. */
  readonly seconds: number | null;
  /** Called when the port is open. */
  readonly onListening: (url: string) => void;
  /** Called now and then while something changes. */
  readonly onChange: () => void;
}

const REDRAW_MILLIS = 500;

/**
 * Receives spans into the timeline until the time is over or the user ends it; returns how many came.
 *
 * @throws {ReceiverError} The port is in use or may not be opened.
 */
export async function listen(timeline: ReuseTimeline, options: ListenOptions): Promise<number> {
  await using receiver = await OtlpReceiver.start({ port: options.port });
  using _spans = receiver.onSpans((spans) => timeline.add(spans));
  using _changes = redrawOnChange(timeline, options.onChange);
  options.onListening(receiver.url);
  await ended(options.seconds);
  return receiver.stats().spans;
}

/** Ctrl-C ends the listening, not the program, which still has to show what came. */
async function ended(seconds: number | null): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const timer = seconds === null ? null : setTimeout(() => stop.abort(), seconds * 1_000);
  const quietly = (): void => undefined;
  const signals = ["SIGINT", "SIGTERM"].map((name) => once(process, name, { signal }).catch(quietly));
  await Promise.race(signals);
  stop.abort();
  if (timer !== null) clearTimeout(timer);
}

function redrawOnChange(timeline: ReuseTimeline, onChange: () => void): Disposable {
  let timer: NodeJS.Timeout | null = null;
  const subscription = timeline.onChange(() => {
    timer ??= setTimeout(() => {
      timer = null;
      onChange();
    }, REDRAW_MILLIS);
  });
  return {
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
