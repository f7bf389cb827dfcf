import { describe, expect, it, vi } from "vitest";
import type { RowPage } from "../../../src/model/database.ts";
import { FakeReader, noRows } from "../fake-database.ts";
import { madeSession, page } from "./made-session.ts";

describe("a connection is kept", () => {
  it("while there are more rows to load, and goes back when they have been read", async () => {
    const { database, session, run } = madeSession();
    const reader = new FakeReader(12);
    database.prepare = (lease) => {
      lease.next = page(reader);
    };
    await run();
    expect(session.reasons).toEqual(["more rows to load"]);
    const sizes: number[] = [];
    const takeOne = async ({ rows }: RowPage) => {
      sizes.push(rows.length);
      return false;
    };
    expect(await session.readOn(10, takeOne)).toBe(true);
    expect(database.leases[0]?.isReleased).toBe(false);
    expect(await session.readOn(10, takeOne)).toBe(true);
    expect(sizes).toEqual([10, 2]);
    expect(await session.readOn(10, takeOne)).toBe(false);
    expect(reader.isClosed).toBe(true);
    expect(database.leases[0]?.isReleased).toBe(true);
  });

  it("no longer for rows that cannot be read any more", async () => {
    const { database, session, run } = madeSession();
    const reader = new FakeReader(12);
    database.prepare = (lease) => {
      lease.next = page(reader);
    };
    await run();
    reader.read = () => Promise.reject(new Error("lost"));
    reader.close = () => Promise.reject(new Error("lost"));
    await expect(session.readOn(10, async () => true)).rejects.toThrow("lost");
    expect(database.leases[0]?.isReleased).toBe(true);
  });

  it("while its rows are read page by page, until nobody wants more or it is stopped", async () => {
    const { database, session, run } = madeSession();
    database.prepare = (lease) => {
      lease.next = page(new FakeReader(1_000));
    };
    await run();
    let pages = 0;
    const reading = session.readOn(10, async () => {
      pages++;
      if (pages === 3) void session.stopReading();
      return true;
    });
    expect(session.isRunning).toBe(true);
    expect(await reading).toBe(true);
    expect(pages).toBe(3);
    expect(session.isRunning).toBe(false);
    expect(session.reasons).toEqual(["more rows to load"]);
  });

  it("and cancels a page on the server that does not come soon after it was to stop", async () => {
    const { database, clock, session, run } = madeSession();
    const reader = new FakeReader(12);
    database.prepare = (lease) => {
      lease.next = page(reader);
    };
    await run();
    let fail = (_: Error) => {};
    reader.read = () => new Promise((_, reject) => (fail = reject));
    reader.cancel = () => fail(new DOMException("cancelled", "AbortError"));
    const reading = session.readOn(10, async () => true);
    const stopping = session.stopReading();
    clock.advance(1_000);
    await expect(reading).rejects.toThrow("cancelled");
    await stopping;
    expect(database.leases[0]?.isReleased).toBe(true);
  });

  it("for unread rows anew each time that some were read", async () => {
    const { database, clock, session, run } = madeSession({ keepReaderMillis: 1_000 });
    database.prepare = (lease) => {
      lease.next = page(new FakeReader(100));
    };
    await run();
    clock.advance(900);
    await session.readOn(10, async () => false);
    clock.advance(900);
    expect(session.reasons).toEqual(["more rows to load"]);
    clock.advance(100);
    await vi.waitFor(() => expect(database.leases[0]?.isReleased).toBe(true));
  });

  it("for unread rows no longer than the settings say", async () => {
    const { database, clock, session, run } = madeSession({ keepReaderMillis: 1_000 });
    const reader = new FakeReader(12);
    database.prepare = (lease) => {
      lease.next = page(reader);
    };
    let closed = 0;
    await run({ onReaderClosed: () => closed++ });
    clock.advance(999);
    expect(reader.isClosed).toBe(false);
    clock.advance(1);
    await expect.poll(() => session.state.kind).toBe("free");
    expect({ closed, isReleased: database.leases[0]?.isReleased }).toEqual({ closed: 1, isReleased: true });
    expect(clock.timerCount).toBe(0);
  });

  it("not at all for unread rows where the settings say so", async () => {
    const { database, run } = madeSession({ keepReaderMillis: 0 });
    const reader = new FakeReader(12);
    database.prepare = (lease) => {
      lease.next = page(reader);
    };
    const { hasMore, reader: kept } = await run();
    expect({ hasMore, kept, isClosed: reader.isClosed }).toEqual({
      hasMore: true,
      kept: null,
      isClosed: true,
    });
    expect(database.leases[0]?.isReleased).toBe(true);
  });
});

describe("the next statement", () => {
  it("closes the reader of the one before", async () => {
    const { database, run } = madeSession();
    const reader = new FakeReader(12);
    database.prepare = (lease) => {
      lease.next = page(reader);
    };
    let closed = 0;
    await run({ onReaderClosed: () => closed++ });
    const [lease] = database.leases;
    if (lease) lease.next = async () => noRows;
    await run();
    expect({ closed, isClosed: reader.isClosed, leases: database.leases.length }).toEqual({
      closed: 1,
      isClosed: true,
      leases: 1,
    });
  });
});
