import { l10n } from "../shared/l10n.ts";
import { openSurface } from "./surface.ts";
import { type Span, stepFor } from "./viewport.ts";

/** Times along the foot: before the present in a view that follows it, of the clock in one that stands still. */
export function drawAxis(canvas: HTMLCanvasElement, span: Span, now: number | null): void {
  const surface = openSurface(canvas);
  if (surface === null) return;
  const { context, width, color } = surface;
  const { from, to } = span;
  const step = stepFor((to - from) / width, 90);
  const origin = now === null ? 0 : now % step;
  context.fillStyle = color("--dim");
  context.strokeStyle = color("--line");
  context.font = `11px ${getComputedStyle(canvas).fontFamily}`;
  context.textBaseline = "top";
  context.beginPath();
  for (let time = Math.ceil((from - origin) / step) * step + origin; time <= to + 0.001; time += step) {
    const x = ((time - from) / (to - from)) * width;
    context.moveTo(Math.round(x) - 0.5, 0);
    context.lineTo(Math.round(x) - 0.5, 4);
    const text = now === null ? clockText(time, step) : agoText(now - time);
    const half = context.measureText(text).width / 2;
    context.textAlign = x < half ? "left" : x > width - half ? "right" : "center";
    context.fillText(text, x < half ? 0 : x > width - half ? width : x, 6);
  }
  context.stroke();
}

function agoText(millis: number): string {
  if (millis < 1) return l10n.t("now");
  const seconds = millis / 1_000;
  if (seconds < 60) return l10n.t("−{0} s", Number(seconds.toPrecision(3)));
  const rest = Math.round(seconds % 60);
  const minutes = Math.floor(seconds / 60);
  return l10n.t("−{0} min", rest === 0 ? minutes : `${minutes}:${pad(rest, 2)}`);
}

/** A time of day, as fine as the step needs it. */
export function clockText(time: number, step: number): string {
  const date = new Date(time);
  const day = `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`;
  if (step >= 1_000) return day;
  const millis = ((time % 1_000) + 1_000) % 1_000;
  if (step >= 1) return `${day}.${pad(Math.round(millis) % 1_000, 3)}`;
  return `${day}.${millis.toFixed(1).padStart(5, "0")}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
