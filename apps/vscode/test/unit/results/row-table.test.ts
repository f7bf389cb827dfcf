import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, asyncProperty, assert as check, constant, integer, oneof, string } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RowSpace } from "../../../src/model/results/table/row-space.ts";
import { RowTable } from "../../../src/model/results/table/row-table.ts";
import { room } from "./room.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rockpool-rows-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cell = oneof(
  constant(null),
  string({ unit: "binary", maxLength: 300 }),
  string({ unit: "grapheme-ascii", maxLength: 60 }),
  constant("x".repeat(20_000)),
);

function numbered(from: number, count: number): string[][] {
  return Array.from({ length: count }, (_, index) => [String(from + index), `row ${from + index} of many`]);
}

describe("a table of rows", () => {
  it("gives back what was put into it, whatever it is, from memory and from the disk", async () => {
    const rows = array(array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 40 });
    const property = asyncProperty(
      array(rows, { maxLength: 4 }),
      integer({ min: 0, max: 5_000 }),
      async (batches, memoryBytes) => {
        const table = new RowTable(3, new RowSpace(() => ({ memoryBytes, diskBytes: 1e9 }), folder));
        for (const batch of batches) await table.append(batch);
        const all = batches.flat();
        const numbers = all.map((_, index) => index);
        expect(await table.cells(numbers, [0, 1, 2])).toEqual(all);
        expect(await table.cells(numbers.reverse(), [2])).toEqual(all.map((row) => [row[2]]).reverse());
        await table.dispose();
      },
    );
    await check(property, { numRuns: 60 });
  });

  it("keeps a text whose half of a pair stands alone readable", async () => {
    const table = new RowTable(1, room());
    await table.append([["\ud800"]]);
    expect(await table.cells([0], [0])).toEqual([["\ufffd"]]);
  });

  it("takes no more memory than there is, and goes on on the disk", async () => {
    const space = new RowSpace(() => ({ memoryBytes: 100_000, diskBytes: 1e9 }), folder);
    const table = new RowTable(2, space);
    for (let from = 0; from < 50_000; from += 1_000)
      expect(await table.append(numbered(from, 1_000))).toBe(1_000);
    expect(table.rowCount).toBe(50_000);
    expect(space.used.memory).toBeLessThanOrEqual(100_000);
    expect(space.used.disk).toBe(table.bytes - space.used.memory);
    expect(await table.cells([0, 49_999, 25_000], [1])).toEqual([
      ["row 0 of many"],
      ["row 49999 of many"],
      ["row 25000 of many"],
    ]);
    await table.dispose();
    expect(space.used).toEqual({ memory: 0, disk: 0 });
  });

  it("costs about one byte a value beyond its text", async () => {
    const table = new RowTable(2, room());
    const rows = numbered(0, 1_000);
    await table.append(rows);
    const text = rows.flat().join("").length;
    expect(table.bytes).toBeLessThan(text + 2_000 + 100);
  });

  it("says how many rows found no room, and keeps the first in any case", async () => {
    const table = new RowTable(2, room(60_000));
    expect(await table.append(numbered(0, 10_000))).toBe(table.rowCount);
    expect(table.rowCount).toBe(2_000);
    const tiny = new RowTable(1, room(10));
    expect(await tiny.append([["x".repeat(1_000)], ["y"]])).toBe(1);
    expect(await tiny.cells([0], [0])).toEqual([["x".repeat(1_000)]]);
  });

  it("shares its room with other tables, and gives it back", async () => {
    const space = room(30_000);
    const first = new RowTable(2, space);
    await first.append(numbered(0, 1_000));
    const second = new RowTable(2, space);
    expect(await second.append(numbered(0, 1_000))).toBe(1);
    await first.dispose();
    expect(await second.append(numbered(1, 1_000))).toBe(1_000);
  });

  it("is as good as full where the disk takes nothing", async () => {
    const file = join(folder, "no-folder");
    writeFileSync(file, "");
    const space = new RowSpace(() => ({ memoryBytes: 30_000, diskBytes: 1e9 }), file);
    const table = new RowTable(2, space);
    expect(await table.append(numbered(0, 5_000))).toBe(1_000);
    expect(space.used.disk).toBe(0);
  });

  it("takes nothing more after it was disposed, even rows that were on their way", async () => {
    const space = new RowSpace(() => ({ memoryBytes: 1_000, diskBytes: 1e9 }), folder);
    const table = new RowTable(2, space);
    const adding = table.append(numbered(0, 5_000));
    await table.dispose();
    await adding;
    expect(table.rowCount).toBe(0);
    expect(space.used).toEqual({ memory: 0, disk: 0 });
  });
});

describe("rows on the disk", () => {
  const spilled = async () => {
    const table = new RowTable(2, new RowSpace(() => ({ memoryBytes: 1, diskBytes: 1e9 }), folder));
    await table.append(numbered(0, 3_000));
    return table;
  };

  /** The open file that has no name any more, as the system shows it. */
  const openFiles = () =>
    readdirSync("/proc/self/fd").flatMap((fd) => {
      const link = `/proc/self/fd/${fd}`;
      return existsSync("/proc/self/fd") && isOurs(link) ? [link] : [];
    });
  const isOurs = (link: string) => {
    try {
      return readlinkSync(link).startsWith(folder);
    } catch {
      return false;
    }
  };

  it("have no name that another program could open, and end with their table", async () => {
    const table = await spilled();
    expect(readdirSync(folder)).toEqual([]);
    expect(openFiles()).toHaveLength(1);
    await table.dispose();
    expect(openFiles()).toEqual([]);
  });

  it("are encrypted", async () => {
    const table = await spilled();
    const [file = ""] = openFiles();
    const content = readFileSync(file);
    expect(content.length).toBeGreaterThan(30_000);
    expect(content.includes("of many")).toBe(false);
    await table.dispose();
  });

  it("that a process left behind are removed by the next one", async () => {
    writeFileSync(join(folder, "rows-999999999-00ff"), "left");
    writeFileSync(join(folder, `rows-${process.ppid}-00ff`), "of a process that lives");
    writeFileSync(join(folder, "other"), "not ours");
    const table = await spilled();
    expect(readdirSync(folder).sort()).toEqual(["other", `rows-${process.ppid}-00ff`]);
    await table.dispose();
  });
});
