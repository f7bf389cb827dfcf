import type { Viewport } from "./viewport.ts";

/**
 * Draws when something has changed, and while the view follows the present, whenever that has moved by a pixel: a calm hour in a wide
 * window costs a few frames a second, a brush costs one for each movement of the mouse.
 */
export class FrameLoop {
  readonly #viewport: Viewport;
  readonly #draw: () => void;
  #isDirty = false;
  #frame: number | null = null;
  #drawnAt = 0;

  constructor(viewport: Viewport, draw: () => void) {
    this.#viewport = viewport;
    this.#draw = draw;
  }

  /** Something looks different. */
  request(): void {
    this.#isDirty = true;
    this.#schedule();
  }

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#step();
    });
  }

  #step(): void {
    const { now, isLive } = this.#viewport;
    if (this.#isDirty || (isLive && now - this.#drawnAt >= this.#millisPerPixel())) {
      this.#isDirty = false;
      this.#drawnAt = now;
      this.#draw();
    }
    if (this.#viewport.isLive) this.#schedule();
  }

  #millisPerPixel(): number {
    return this.#viewport.range / Math.max(1, window.innerWidth * window.devicePixelRatio);
  }
}
