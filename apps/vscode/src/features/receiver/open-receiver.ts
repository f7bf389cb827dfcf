import { OtlpReceiver, ReceiverError } from "@rockpool/otel/receiver";
import type { ProgramPools } from "../../model/receiver/program-pools.ts";
import type { Throttle } from "../../model/receiver/throttle.ts";

/** A port that is open for programs. */
export interface OpenReceiver {
  readonly url: string;
  readonly port: number;
  /** How many requests were taken and how many turned away. */
  stats(): { readonly accepted: number; readonly refused: number };
  close(): Promise<void>;
}

export interface OpenReceiverRequest {
  /** 0 takes a free one. */
  readonly port: number;
  readonly programs: ProgramPools;
  readonly throttle: Throttle;
  readonly onError: (error: unknown) => void;
}

/**
 * Opens the port; what arrives goes to the programs' pools.
 *
 * @throws {ReceiverError} the port is in use or may not be opened.
 */
export async function openReceiver(request: OpenReceiverRequest): Promise<OpenReceiver> {
  const { port, programs, throttle, onError } = request;
  // What is drawn keeps its own history: the receiver need not keep another.
  const receiver = await OtlpReceiver.start({ port, maxSpans: 1, maxMetrics: 1, onError });
  receiver.onSpans((spans) => throttle.run(() => programs.addSpans(spans)));
  receiver.onMetrics((metrics) => throttle.run(() => programs.addMetrics(metrics)));
  return receiver;
}

/** What to tell the user, and whether the port may be free later; null where it is no fault of the port. */
export function portFailure(error: unknown): { message: string; isInUse: boolean } | null {
  if (!(error instanceof ReceiverError)) return null;
  return { message: error.message, isInUse: error.code === "RECEIVER_PORT_IN_USE" };
}
