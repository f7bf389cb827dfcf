import { formatDuration } from "../timeline/format-duration.ts";
import type { FailedAcquire, TimelineCheckout, TimelineLane } from "../timeline/timeline-model.ts";
import { checkoutLabel } from "./checkout-details.ts";
import { escapeHtml } from "./escape-html.ts";
import { TimeScale } from "./time-scale.ts";

/** What all lanes of a page share. */
export interface LaneContext {
  readonly scale: TimeScale;
  /** Registers a checkout with the page's script, and gives its number there. */
  readonly register: (lane: TimelineLane, checkout: TimelineCheckout) => number;
}

/** Draws a lane as a row of the page. */
export function renderLane(lane: TimelineLane, context: LaneContext): string {
  return `<div class="lane" role="group" aria-label="${escapeHtml(describeLane(lane))}">
<div class="label">${name(lane.connectionId)}<span>${escapeHtml(subtitle(lane))}</span></div>
<div class="track">${life(lane, context.scale)}${connect(lane, context.scale)}${lane.checkouts.map((checkout) => renderCheckout(lane, checkout, context)).join("")}${loose(lane, context.scale)}${closed(lane, context.scale)}</div>
</div>`;
}

/** Draws the requests of a pool that got no connection as a row of their own. */
export function renderFailedAcquires(failed: readonly FailedAcquire[], scale: TimeScale): string {
  if (failed.length === 0) return "";
  const marks = failed.map((request) => {
    const took = formatDuration(request.endUnixMillis - request.startUnixMillis);
    const label = escapeHtml(`${request.failure} after ${took}, trace ${request.traceId}`);
    const place = scale.place(request.startUnixMillis, request.endUnixMillis);
    return `<i class="miss" role="img" aria-label="${label}" title="${label}" style="${place}"></i>`;
  });
  return `<div class="lane misses" role="group" aria-label="requests without a connection">
<div class="label"><b>no connection</b><span>${failed.length} ${failed.length === 1 ? "request" : "requests"}</span></div>
<div class="track">${marks.join("")}</div>
</div>`;
}

/** The number has an element of its own, since it has to stay in sight where a long name is cut. */
function name(connectionId: string): string {
  const [, pool = connectionId, number = ""] = /^(.*)(#\d+)$/.exec(connectionId) ?? [];
  return `<b><span>${escapeHtml(pool)}</span><span>${number}</span></b>`;
}

function describeLane(lane: TimelineLane): string {
  const uses = lane.checkouts.length + lane.missedUses;
  const opened =
    lane.opened === null
      ? ""
      : `, opened in ${formatDuration(lane.opened.endUnixMillis - lane.opened.startUnixMillis)}`;
  const end = lane.closed === null ? "" : `, closed: ${lane.closed.reason}`;
  return `connection ${lane.connectionId}, ${uses} ${uses === 1 ? "use" : "uses"}${opened}${end}`;
}

function subtitle(lane: TimelineLane): string {
  if (lane.opened !== null && lane.opened.failure !== null) return `not opened: ${lane.opened.failure}`;
  const uses = lane.checkouts.length + lane.missedUses;
  const pid = lane.backendPid === null ? "" : `pid ${lane.backendPid}`;
  return [`${uses} ${uses === 1 ? "use" : "uses"}`, pid, lane.closed?.reason ?? ""]
    .filter(Boolean)
    .join(" · ");
}

function life(lane: TimelineLane, scale: TimeScale): string {
  if (lane.opened !== null && lane.opened.failure !== null) return "";
  const start = lane.opened?.endUnixMillis ?? scale.period.startUnixMillis;
  const end = lane.closed?.timeUnixMillis ?? scale.period.endUnixMillis;
  return `<i class="life${lane.opened === null ? " unknown" : ""}" style="${scale.place(start, end)}"></i>`;
}

function connect(lane: TimelineLane, scale: TimeScale): string {
  if (lane.opened === null) return "";
  const { startUnixMillis, endUnixMillis, failure, demandedBy } = lane.opened;
  const took = formatDuration(endUnixMillis - startUnixMillis);
  const title =
    failure === null
      ? `opened in ${took}${demandedBy === null ? " in the background" : " on demand"}`
      : `not opened: ${failure}`;
  const kind = failure === null ? "connect" : "connect failed";
  return `<i class="${kind}" style="${scale.place(startUnixMillis, endUnixMillis)}" title="${escapeHtml(title)}"></i>`;
}

function closed(lane: TimelineLane, scale: TimeScale): string {
  if (lane.closed === null) return "";
  const title = escapeHtml(`closed: ${lane.closed.reason}`);
  return `<i class="closed" style="${scale.at(lane.closed.timeUnixMillis)}" title="${title}"></i>`;
}

function loose(lane: TimelineLane, scale: TimeScale): string {
  return lane.looseQueries
    .map((query) => {
      const title = escapeHtml(`${query.summary}: its checkout was not seen`);
      return `<i class="loose" style="${scale.place(query.startUnixMillis, query.endUnixMillis)}" title="${title}"></i>`;
    })
    .join("");
}

function renderCheckout(lane: TimelineLane, checkout: TimelineCheckout, context: LaneContext): string {
  const { scale } = context;
  const end = checkout.releasedUnixMillis ?? scale.period.endUnixMillis;
  const number = context.register(lane, checkout);
  const inner = new TimeScale({ startUnixMillis: checkout.acquiredUnixMillis, endUnixMillis: end });
  const parts = [
    ...checkout.transactions.map(
      (one) =>
        `<i class="tx${one.outcome === "commit" ? "" : " undone"}" style="${inner.place(one.startUnixMillis, one.endUnixMillis)}"></i>`,
    ),
    ...checkout.queries.map(
      (one) =>
        `<i class="query${one.failure === null ? "" : " failed"}" style="${inner.place(one.startUnixMillis, one.endUnixMillis)}"></i>`,
    ),
  ].join("");
  const label = escapeHtml(checkoutLabel(lane, checkout));
  return `${wait(checkout, scale)}${gap(checkout, scale)}<button type="button" class="${classOf(checkout)}" style="${scale.place(checkout.acquiredUnixMillis, end)}" data-i="${number}" data-trace="${escapeHtml(checkout.traceId)}" tabindex="-1" aria-label="${label}">${parts}</button>`;
}

function classOf(checkout: TimelineCheckout): string {
  const flags = [
    "use",
    `from-${checkout.source ?? "unknown"}`,
    checkout.failure === null ? "" : "failed",
    checkout.releasedUnixMillis === null ? "held" : "",
    checkout.leak === null ? "" : "leak",
  ];
  return flags.filter(Boolean).join(" ");
}

function wait(checkout: TimelineCheckout, scale: TimeScale): string {
  if (checkout.waitMillis <= 0) return "";
  return `<i class="wait" style="${scale.place(checkout.requestedUnixMillis, checkout.acquiredUnixMillis)}"></i>`;
}

function gap(checkout: TimelineCheckout, scale: TimeScale): string {
  if (checkout.missedBefore === 0) return "";
  return `<i class="gap" style="${scale.at(checkout.acquiredUnixMillis)}" title="${checkout.missedBefore} uses before are not shown">+${checkout.missedBefore}</i>`;
}
