import { numberOf, textOf } from "../../model/attributes.ts";
import type { ReceivedSpan } from "../../model/span.ts";
import type { CheckoutDraft } from "../checkout-of.ts";
import { failureOf } from "../failure-of.ts";
import { targetOf } from "../lane.ts";
import * as names from "../names.ts";
import type { Sender } from "../sender.ts";
import { IntervalTrack } from "./interval-track.ts";
import {
  type HeldUse,
  TAPE_WIDTHS,
  type TapeClosing,
  type TapeKind,
  type TapeLane,
  type TapeOpening,
} from "./tape-model.ts";

const KINDS: readonly TapeKind[] = ["use", "statement", "transaction", "cancel", "busy", "failed"];

/** A lane as the tape writes it. */
export class WritableLane implements TapeLane {
  readonly id: number;
  readonly key: string;
  readonly connectionId: string | null;
  readonly poolName: string;
  readonly senderKey: string;
  readonly serviceName: string | null;
  readonly process: string | null;
  backendPid: number | null = null;
  target: string | null = null;
  opened: TapeOpening | null = null;
  closed: TapeClosing | null = null;
  /** When anything of it was last told, as its sender says. */
  lastUnixMillis = 0;
  /** The query whose use may still turn out to have a span of its own. */
  pending: ReceivedSpan | null = null;
  /** A suspected leak that has not been seen to end. */
  leak: HeldUse | null = null;
  readonly tracks: Readonly<Record<TapeKind, IntervalTrack>>;

  constructor(
    id: number,
    about: { key: string; connectionId: string | null; poolName: string; sender: Sender },
  ) {
    this.id = id;
    this.key = about.key;
    this.connectionId = about.connectionId;
    this.poolName = about.poolName;
    this.senderKey = about.sender.key;
    this.serviceName = about.sender.serviceName;
    this.process = about.sender.process;
    this.tracks = {
      use: new IntervalTrack(TAPE_WIDTHS.use),
      statement: new IntervalTrack(TAPE_WIDTHS.statement),
      transaction: new IntervalTrack(TAPE_WIDTHS.transaction),
      cancel: new IntervalTrack(TAPE_WIDTHS.cancel),
      busy: new IntervalTrack(TAPE_WIDTHS.busy),
      failed: new IntervalTrack(TAPE_WIDTHS.failed),
    };
  }

  get byteLength(): number {
    return KINDS.reduce((sum, kind) => sum + this.tracks[kind].byteLength, 0);
  }

  /** Whether nothing of it happened after that moment, so that it needs no place any more. */
  isOver(time: number): boolean {
    const isEmpty = KINDS.every((kind) => this.tracks[kind].length === 0);
    if (!isEmpty || this.leak !== null || this.lastUnixMillis > time) return false;
    return this.closed !== null || this.connectionId === null || this.opened?.failure != null;
  }

  dropBefore(time: number): void {
    for (const kind of KINDS) this.tracks[kind].dropBefore(time);
  }

  fit(): void {
    for (const kind of KINDS) this.tracks[kind].fit();
  }

  /** Takes what a span says of the connection itself; returns whether anything is new. */
  describe(span: ReceivedSpan): boolean {
    this.lastUnixMillis = Math.max(this.lastUnixMillis, span.endTimeUnixMillis);
    const before = [this.backendPid, this.target, this.opened, this.closed];
    this.backendPid ??= numberOf(span.attributes, names.BACKEND_PID);
    this.target ??= targetOf(span);
    if (span.name.startsWith(names.SPAN_CONNECT)) this.opened = openingOf(span);
    if (span.name === names.SPAN_CLOSE) {
      this.closed = closingOf(span);
      this.leak = null;
    }
    const after = [this.backendPid, this.target, this.opened, this.closed];
    return after.some((value, index) => value !== before[index]);
  }

  /** Takes from a use that its connection was closed with it, where no span tells of the end itself; returns whether that is new. */
  discard({ discardReason, releasedUnixMillis }: CheckoutDraft): boolean {
    if (discardReason === null || releasedUnixMillis === null || this.closed !== null) return false;
    this.closed = {
      startUnixMillis: releasedUnixMillis,
      endUnixMillis: releasedUnixMillis,
      reason: discardReason,
    };
    return true;
  }
}

function openingOf(span: ReceivedSpan): TapeOpening {
  const { startTimeUnixMillis, endTimeUnixMillis } = span;
  return { startUnixMillis: startTimeUnixMillis, endUnixMillis: endTimeUnixMillis, failure: failureOf(span) };
}

function closingOf(span: ReceivedSpan): TapeClosing {
  const reason = textOf(span.attributes, names.CLOSE_REASON) ?? "unknown";
  return { startUnixMillis: span.startTimeUnixMillis, endUnixMillis: span.endTimeUnixMillis, reason };
}
