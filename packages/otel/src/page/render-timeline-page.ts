import { createHash } from "node:crypto";
import { formatDuration, formatShare } from "../timeline/format-duration.ts";
import { summarise } from "../timeline/summarise.ts";
import type { Period, TimelineLane, TimelineSnapshot } from "../timeline/timeline-model.ts";
import { type CheckoutDetails, checkoutDetails } from "./checkout-details.ts";
import { escapeHtml, escapeJson } from "./escape-html.ts";
import { type PagePool, poolsOf, poolTitle } from "./page-pools.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { type LaneContext, renderFailedAcquires, renderLane } from "./render-lane.ts";
import { TimeScale } from "./time-scale.ts";

/** What `renderTimelinePage` accepts. */
export interface TimelinePageOptions {
  /** The heading. Default: `Connection reuse`. */
  title?: string;
  /** Where a trace can be seen; `{traceId}` stands for its id. `null` = no links. Default: null. */
  traceUrl?: string | null;
}

/**
 * Renders a timeline as a page of one file, which loads nothing and sends nothing.
 *
 * Light and dark by the reader's setting; zoom by Ctrl and wheel or by `+`, `-` and `0`; arrow keys walk through the checkouts.
 */
export function renderTimelinePage(snapshot: TimelineSnapshot, options: TimelinePageOptions = {}): string {
  const title = options.title ?? "Connection reuse";
  const { period } = snapshot;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '${hashOf(PAGE_SCRIPT)}'; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<a class="skip" href="#lanes">Skip to the connections</a>
${header(snapshot, title)}
${period === null ? '<p class="empty">No checkout has been seen: are these the spans of a Rockpool pool?</p>' : body(snapshot, period, options.traceUrl ?? null)}
</body>
</html>
`;
}

function header(snapshot: TimelineSnapshot, title: string): string {
  const summary = summarise(snapshot);
  const tiles = [
    tile("connections", String(summary.connections)),
    tile("checkouts", summary.checkouts.toLocaleString("en")),
    tile("reused", summary.reusedShare === null ? "–" : formatShare(summary.reusedShare)),
    tile("queries", summary.queries.toLocaleString("en")),
    tile("wait, median", summary.waitMedianMillis === null ? "–" : formatDuration(summary.waitMedianMillis)),
    tile("wait, p99", summary.waitP99Millis === null ? "–" : formatDuration(summary.waitP99Millis)),
    summary.missedUses === 0 ? "" : tile("uses not shown", summary.missedUses.toLocaleString("en")),
    summary.failedAcquires === 0 ? "" : tile("without a connection", String(summary.failedAcquires), "bad"),
  ];
  return `<header><div><h1>${escapeHtml(title)}</h1><p>${escapeHtml(when(snapshot.period))}</p></div><dl class="tiles">${tiles.join("")}</dl></header>`;
}

function tile(name: string, value: string, kind = ""): string {
  return `<div class="${kind}"><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`;
}

function when(period: Period | null): string {
  if (period === null) return "";
  const start = new Date(period.startUnixMillis).toISOString();
  const millis = period.endUnixMillis - period.startUnixMillis;
  return `${start.slice(0, 10)} ${start.slice(11, 23)} UTC, ${formatDuration(millis)}`;
}

function body(snapshot: TimelineSnapshot, period: Period, traceUrl: string | null): string {
  const checkouts: CheckoutDetails[] = [];
  const scale = new TimeScale(period);
  const context = {
    scale,
    register: (lane: TimelineLane, checkout: TimelineLane["checkouts"][number]): number =>
      checkouts.push(checkoutDetails(lane, checkout, period.startUnixMillis)) - 1,
  };
  const pools = poolsOf(snapshot).map((pool) => renderPool(pool, context));
  const data = { millis: period.endUnixMillis - period.startUnixMillis, traceUrl, checkouts };
  return `${TOOLS}
<main id="lanes" class="scroller" aria-label="Connections" tabindex="-1"><div class="canvas"><div class="corner"></div><div class="axis" aria-hidden="true"></div>
${pools.join("\n")}
</div></main>
<aside class="details" aria-live="polite" aria-label="Checkout">${WELCOME}</aside>
<script type="application/json" id="data">${escapeJson(data)}</script>
<script>${PAGE_SCRIPT}</script>`;
}

const TOOLS = `<section class="tools" aria-label="Legend and zoom"><ul class="legend">
<li><span class="swatch from-idle"></span>found idle</li>
<li><span class="swatch from-new"></span>newly opened</li>
<li><span class="swatch from-queued"></span>released by another</li>
<li><span class="swatch wait"></span>waiting</li>
<li><span class="swatch connect"></span>connecting</li>
<li><span class="swatch query"></span>query within</li>
<li><span class="swatch tx"></span>transaction</li>
<li><span class="swatch failed"></span>failed</li>
</ul><div class="zoom" role="group" aria-label="Zoom"><button type="button" data-zoom="out" aria-label="Zoom out">−</button><output>1×</output><button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="fit">Fit</button></div></section>`;

const WELCOME = `<h2>Checkouts</h2>
<p class="hint">Each bar is one use of a connection, from the moment the caller had it to its release. Point at a bar, or choose one, to see its wait, its queries and its trace.</p>
<p class="hint"><kbd>←</kbd> <kbd>→</kbd> next use · <kbd>↑</kbd> <kbd>↓</kbd> next connection · <kbd>t</kbd> its trace · <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom · <kbd>Esc</kbd> all traces</p>`;

function renderPool(pool: PagePool, context: LaneContext): string {
  const rows = pool.lanes.map((lane) => renderLane(lane, context));
  const title = poolTitle(pool);
  return `<section class="pool"><h2>${escapeHtml(title.name)}<small>${escapeHtml(title.facts)}</small></h2>${rows.join("\n")}${renderFailedAcquires(pool.failedAcquires, context.scale)}</section>`;
}

function hashOf(script: string): string {
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}
