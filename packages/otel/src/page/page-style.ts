/** The page's style sheet. Colour never stands alone: a wait has its strip, an opening its stripes, a failure its outline. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --bg: #f6f7f8; --surface: #ffffff; --text: #1c2128; --muted: #5d6673; --line: #e1e4e8; --grid: #eceef1;
  --reused: #12998a; --new: #3c6fdd; --queued: #c77f0a; --unknown: #7a828d; --failure: #cf2f48; --life: #b9c0c9;
  --query: rgb(0 0 0 / .30); --shadow: 0 1px 2px rgb(16 24 40 / .06), 0 1px 3px rgb(16 24 40 / .08); --focus: #1c2128;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #101318; --surface: #181c23; --text: #e7eaee; --muted: #98a2b0; --line: #2a303a; --grid: #20252d;
    --reused: #2db3a2; --new: #6f9bff; --queued: #e3a436; --unknown: #8b95a3; --failure: #ff6b80; --life: #434b57;
    --query: rgb(0 0 0 / .38); --shadow: none; --focus: #ffffff;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; }
body {
  margin: 0; background: var(--bg); color: var(--text); display: grid; grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr) 336px;
  font: 14px/1.45 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 16px 40px; align-items: end; padding: 20px 24px 16px; }
h1 { margin: 0; font-size: 20px; letter-spacing: -.01em; font-weight: 650; }
header p { margin: 2px 0 0; color: var(--muted); }
.tiles { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 0 0 0 auto; }
.tiles div { display: flex; flex-direction: column-reverse; }
.tiles dt { color: var(--muted); font-size: 12px; }
.tiles dd { margin: 0; font-size: 20px; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.tiles .bad dd { color: var(--failure); }
.tools { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 20px; padding: 8px 24px; border-block: 1px solid var(--line); background: var(--surface); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 0; list-style: none; color: var(--muted); font-size: 12.5px; }
.legend li { display: flex; align-items: center; gap: 7px; }
.swatch { position: relative; width: 22px; height: 12px; border-radius: 3px; flex: none; }
.zoom { margin-left: auto; display: flex; gap: 4px; align-items: center; }
.zoom button, .details button, .details a.button {
  font: inherit; font-size: 13px; color: var(--text); background: var(--surface); border: 1px solid var(--line); border-radius: 7px; padding: 4px 11px; cursor: pointer; text-decoration: none;
}
.zoom button:hover, .details button:hover, .details a.button:hover { border-color: var(--muted); }
.zoom output { min-width: 52px; text-align: center; color: var(--muted); font-variant-numeric: tabular-nums; font-size: 13px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.scroller { overflow: auto; background: var(--surface); position: relative; scrollbar-width: thin; }
.canvas { --labels: 256px; width: calc(var(--labels) + (100% - var(--labels) - 24px) * var(--zoom, 1)); min-width: 100%; padding: 0 24px 24px 0; position: relative; }
.axis { position: sticky; top: 0; z-index: 4; height: 30px; margin-left: var(--labels); background: var(--surface); border-bottom: 1px solid var(--line); font-size: 11.5px; color: var(--muted); font-variant-numeric: tabular-nums; }
.corner { position: sticky; left: 0; top: 0; z-index: 5; float: left; width: var(--labels); height: 30px; background: var(--surface); border-bottom: 1px solid var(--line); }
.tick { position: absolute; top: 7px; padding-left: 6px; white-space: nowrap; }
.tick::before { content: ""; position: absolute; left: 0; top: -7px; height: 30px; border-left: 1px solid var(--line); }
.pool > h2 { position: sticky; left: 0; width: fit-content; margin: 0; padding: 16px 24px 6px; font-size: 13px; font-weight: 650; }
.pool > h2 small { font-weight: 400; color: var(--muted); font-size: 12.5px; margin-left: 6px; }
.lane { display: grid; grid-template-columns: var(--labels) minmax(0, 1fr); height: 38px; }
.label { position: sticky; left: 0; z-index: 3; background: var(--surface); padding: 2px 12px 0 24px; display: flex; flex-direction: column; justify-content: center; line-height: 1.2; overflow: hidden; white-space: nowrap; }
.label b { display: flex; font-weight: 550; font-size: 13px; } .label b span:first-child { overflow: hidden; text-overflow: ellipsis; }
.label > span { color: var(--muted); font-size: 11.5px; overflow: hidden; text-overflow: ellipsis; }
.track { position: relative; border-left: 1px solid var(--line); border-bottom: 1px solid var(--grid); }
.track > i, .use > i { position: absolute; display: block; font-style: normal; }
.life { top: 21px; height: 2px; background: var(--life); border-radius: 1px; }
.life.unknown { background: repeating-linear-gradient(90deg, var(--life) 0 4px, transparent 4px 8px); }
.connect, .swatch.connect { background: repeating-linear-gradient(135deg, var(--new) 0 3px, transparent 3px 6px); border: 1px solid var(--new); border-radius: 3px; }
.track > .connect { top: 14px; height: 16px; min-width: 4px; }
.track > .connect.failed { border-color: var(--failure); background: repeating-linear-gradient(135deg, var(--failure) 0 3px, transparent 3px 6px); }
.track > .wait, .swatch.wait::before { background: var(--queued); height: 3px; border-radius: 2px; }
.track > .wait { top: 6px; min-width: 2px; opacity: .85; }
.swatch.wait::before { content: ""; position: absolute; inset: 5px 0 auto; }
.use { position: absolute; top: 12px; height: 20px; min-width: 3px; padding: 0; border: 0; border-radius: 3px; cursor: pointer; overflow: hidden; box-shadow: inset 0 0 0 1px rgb(0 0 0 / .08), 1px 0 0 var(--surface); transition: opacity .12s; }
.use:hover, .use:focus-visible, .use.same { z-index: 2; }
.use:focus-visible { outline-offset: 1px; }
.use[aria-current] { z-index: 3; box-shadow: 0 0 0 1px var(--surface), 0 0 0 3px var(--focus); }
.from-idle { background: var(--reused); } .from-new { background: var(--new); } .from-queued { background: var(--queued); } .from-unknown { background: var(--unknown); }
.use.failed, .swatch.failed { background: var(--failure); }
.track > .miss { top: 12px; height: 8px; min-width: 3px; border-radius: 2px; background: repeating-linear-gradient(135deg, var(--failure) 0 3px, transparent 3px 6px); border: 1px solid var(--failure); opacity: .8; }
.misses .label b { color: var(--failure); }
.use.leak { box-shadow: 0 0 0 2px var(--failure); overflow: visible; }
.use.held { -webkit-mask: linear-gradient(90deg, #000 85%, #0006); mask: linear-gradient(90deg, #000 85%, #0006); }
.use > .query { top: 8px; bottom: 0; min-width: 1px; background: var(--query); }
.use > .query.failed { background: var(--failure); }
.use > .tx { top: 0; height: 4px; background: rgb(255 255 255 / .55); min-width: 1px; }
.use > .tx.undone { background: repeating-linear-gradient(90deg, rgb(255 255 255 / .8) 0 3px, transparent 3px 6px); }
.closed { top: 13px; height: 18px; width: 2px; background: var(--muted); margin-left: -1px; }
.closed::after { content: "×"; position: absolute; left: 5px; top: -2px; color: var(--muted); font-size: 15px; line-height: 22px; }
.loose { top: 26px; height: 6px; min-width: 2px; background: var(--unknown); border-radius: 1px; }
.gap { top: 0; font-size: 10px; color: var(--muted); transform: translateX(-100%); padding-right: 3px; line-height: 12px; }
.swatch.query { background: linear-gradient(var(--reused) 40%, var(--query) 0), var(--reused); }
.swatch.tx { background: linear-gradient(rgb(255 255 255 / .55) 33%, transparent 0), var(--reused); }
.tracing .use:not(.same) { opacity: .18; }
.tracing .wait, .tracing .connect { opacity: .3; }
.details { background: var(--bg); border-left: 1px solid var(--line); padding: 20px 22px; overflow: auto; overflow-wrap: anywhere; }
.details h2 { margin: 0 0 2px; font-size: 16px; font-weight: 650; }
.details h3 { margin: 20px 0 6px; font-size: 12px; color: var(--muted); font-weight: 550; }
.details dl { display: grid; grid-template-columns: 108px minmax(0, 1fr); gap: 5px 12px; margin: 12px 0 0; font-size: 13px; }
.details dt { color: var(--muted); } .details dd { margin: 0; font-variant-numeric: tabular-nums; }
.details code { font: 12px ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace; }
.details .actions { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
.details table { width: 100%; border-collapse: collapse; font-size: 13px; }
.details td { padding: 4px 0; border-top: 1px solid var(--line); vertical-align: top; font-variant-numeric: tabular-nums; }
.details td + td { text-align: right; color: var(--muted); padding-left: 10px; white-space: nowrap; }
.details td .failed { color: var(--failure); }
.details .hint { color: var(--muted); } .details kbd { font: inherit; font-size: 12px; border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; background: var(--surface); }
.empty { padding: 48px 24px; color: var(--muted); grid-column: 1 / -1; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; z-index: 9; background: var(--surface); padding: 6px 10px; }
@media (max-width: 900px) {
  html, body { height: auto; } body { display: block; } .tiles { margin: 0; } .canvas { --labels: 132px; } .label, .pool > h2 { padding-left: 12px; }
  .details { border: 0; border-top: 1px solid var(--line); }
  .details:not(:has(.hint)) { position: sticky; bottom: 0; max-height: 45vh; z-index: 6; }
}
@media (prefers-reduced-motion: reduce) { .use { transition: none; } }
@media (prefers-contrast: more) { :root { --muted: var(--text); --line: var(--text); --life: var(--text); } }
@media (forced-colors: active) { .track > *, .swatch { forced-color-adjust: none; } }
@media print { body { display: block; } .zoom, .details { display: none; } .scroller { overflow: visible; } }
`;
