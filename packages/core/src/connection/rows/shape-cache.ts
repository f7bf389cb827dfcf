import type { Buffer } from "node:buffer";
import { readRowDescription } from "../wire/response-fields.ts";
import { type Parsers, RowShape } from "./row-shape.ts";

const maxShapes = 256;

/** Finds the shape of a RowDescription by its bytes, so that a statement that is not kept prepared finds its decoder again. */
export class ShapeCache {
  readonly #parsers: Parsers;
  readonly #shapes = new Map<string, RowShape>();

  constructor(parsers: Parsers) {
    this.#parsers = parsers;
  }

  find(buffer: Buffer, start: number, end: number): RowShape {
    const key = buffer.toString("latin1", start, end);
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    if (this.#shapes.size === maxShapes) this.#shapes.clear();
    const shape = new RowShape(readRowDescription(buffer, start), this.#parsers);
    this.#shapes.set(key, shape);
    return shape;
  }
}
