import { describe, expect, it } from "vitest";
import { RingBuffer } from "../../src/model/ring-buffer.ts";

describe("a ring buffer", () => {
  it("keeps the last values, oldest first", () => {
    const ring = new RingBuffer<number>(3);
    for (const value of [1, 2]) ring.push(value);
    expect(ring.toArray()).toEqual([1, 2]);
    for (const value of [3, 4, 5]) ring.push(value);
    expect(ring.toArray()).toEqual([3, 4, 5]);
    expect(ring.length).toBe(3);
  });
});
