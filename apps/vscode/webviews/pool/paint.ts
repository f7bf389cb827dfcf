import type { SlotStateView } from "../../shared/protocol/pool.ts";

/** A canvas that is sharp on every display and knows the theme's colours. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** The value of a custom property of the theme. */
  color(name: string): string;
}

/** Clears a canvas and fits it to its box; null while the box has no size. */
export function openSurface(canvas: HTMLCanvasElement): Surface | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (context === null || width === 0 || height === 0) return null;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  return { context, width, height, color: (name) => style.getPropertyValue(name).trim() || style.color };
}

/** How a slot's state is drawn: thick where somebody uses it, thin where nobody does. */
export const STATE_PAINT: Readonly<Record<SlotStateView, { color: string; height: number; alpha: number }>> =
  {
    connecting: { color: "--connecting", height: 0.4, alpha: 0.9 },
    idle: { color: "--idle", height: 0.26, alpha: 0.55 },
    running: { color: "--running", height: 0.78, alpha: 1 },
    kept: { color: "--kept", height: 0.78, alpha: 0.9 },
    used: { color: "--running", height: 0.78, alpha: 1 },
    cancelling: { color: "--kept", height: 0.78, alpha: 1 },
    closing: { color: "--busy", height: 0.4, alpha: 0.6 },
    busy: { color: "--busy", height: 0.4, alpha: 0.6 },
  };

/** From a moment to a horizontal position; the right edge is now. */
export function timeScale(width: number, now: number, windowMillis: number): (at: number) => number {
  return (at) => width - ((now - at) / windowMillis) * width;
}
