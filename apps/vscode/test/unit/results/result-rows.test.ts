import { describe, expect, it } from "vitest";
import { ResultRows } from "../../../src/model/results/result-rows.ts";
import { Slices } from "../../../src/model/results/slices.ts";
import { RowsGoneError } from "../../../src/model/results/table/row-table.ts";
import { room } from "./room.ts";

const COLUMN = { name: "n", typeName: "integer", isNumeric: true, tableId: 0 };
const NUMBERS = Array.from({ length: 2_500 }, (_, index) => String(index));

async function numbers() {
  const space = room();
  const rows = new ResultRows([COLUMN], space);
  await rows.append(
    NUMBERS.map((number) => [number]),
    1_000_000,
  );
  return { rows, space };
}

function slices(): Slices {
  return new Slices(new AbortController().signal);
}

/** Reads all rows, and does something after the first batch. */
async function readAll(rows: ResultRows, meanwhile: () => unknown): Promise<unknown[]> {
  const read: unknown[] = [];
  for await (const batch of rows.read(null, slices())) {
    if (read.length === 0) await meanwhile();
    read.push(...batch.flat());
  }
  return read;
}

describe("rows that are read", () => {
  it("stay while they are held, though another run takes their place", async () => {
    const { rows, space } = await numbers();
    const letGo = rows.hold();
    expect(await readAll(rows, () => rows.dispose())).toEqual(NUMBERS);
    letGo();
    await expect.poll(() => space.used).toEqual({ memory: 0, disk: 0 });
  });

  it("are never a part of all where nobody holds them", async () => {
    const { rows } = await numbers();
    await expect(readAll(rows, () => rows.dispose())).rejects.toBeInstanceOf(RowsGoneError);
    const { rows: stored } = await numbers();
    const reading = stored.stored(slices());
    await reading.next();
    await stored.dispose();
    await expect(reading.next()).rejects.toBeInstanceOf(RowsGoneError);
  });

  it("keep the order in which reading began", async () => {
    const { rows } = await numbers();
    const sort = [{ column: 0, direction: "descending" }] as const;
    expect(await readAll(rows, () => rows.arrange({ filters: [], sort }))).toEqual(NUMBERS);
    expect((await rows.rows(0, 1)).flat()).toEqual(["2499"]);
  });

  it("can be held twice", async () => {
    const { rows } = await numbers();
    const [first, second] = [rows.hold(), rows.hold()];
    await rows.dispose();
    first();
    first();
    expect(rows.rowCount).toBe(2_500);
    second();
    await expect.poll(() => rows.rowCount).toBe(0);
  });
});
