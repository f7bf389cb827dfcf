import { expect, test } from "vitest";
import type { ConnectionObserver, TransactionEnd, TransactionStart } from "../../src/connection/observer.ts";
import { sessionOf } from "../../src/connection/open-connection.ts";
import { RetryPolicy } from "../../src/connection/retry.ts";
import { runTransaction } from "../../src/connection/run-transaction.ts";
import { rejection, useWorkbench } from "./workbench.ts";

const bench = useWorkbench();

const fail = (code: string): string =>
  `do $$ begin raise exception 'again' using errcode = '${code}'; end $$`;

function manualWorld(): { pauses: number[]; random: () => number; sleep: (millis: number) => Promise<void> } {
  const pauses: number[] = [];
  return {
    pauses,
    random: () => 1,
    async sleep(millis) {
      pauses.push(millis);
    },
  };
}

for (const code of ["40001", "40P01"]) {
  test(`a transaction that fails with ${code} runs again until it succeeds`, async () => {
    const connection = await bench.connect();
    let runs = 0;
    const value = await connection.transaction(
      async (transaction) => {
        runs += 1;
        await transaction.query("insert into items values ($1)", [runs]);
        if (runs < 3) await transaction.query(fail(code));
        return runs;
      },
      { retry: { attempts: 5, minDelayMillis: 0, maxDelayMillis: 0 } },
    );
    expect(value).toBe(3);
    expect(await bench.ids()).toEqual([3]);
  });
}

test("two serializable transactions that conflict both succeed in the end", async () => {
  const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
  let runs = 0;
  let reads = 0;
  let release = (): void => {};
  const bothHaveRead = new Promise<void>((resolve) => {
    release = resolve;
  });
  const work = (connection: typeof one, id: number): Promise<void> =>
    connection.transaction(
      async (transaction) => {
        runs += 1;
        await transaction.query("select count(*) from items");
        reads += 1;
        if (reads === 2) release();
        await bothHaveRead;
        await transaction.query("insert into items values ($1)", [id]);
      },
      { isolation: "serializable", retry: { attempts: 5 } },
    );
  await Promise.all([work(one, 1), work(two, 2)]);
  expect(runs).toBeGreaterThan(2);
  expect(await bench.ids()).toEqual([1, 2]);
});

test("the callback runs at most as often as there are attempts, and the server's error comes through", async () => {
  const connection = await bench.connect();
  const world = manualWorld();
  let runs = 0;
  const outcome = runTransaction(
    () => sessionOf(connection),
    async (transaction) => {
      runs += 1;
      await transaction.query(fail("40001"));
    },
    { retry: { attempts: 4, minDelayMillis: 10, maxDelayMillis: 30 } },
    world,
  );
  expect(await rejection(outcome)).toMatchObject({ code: "40001", severity: "ERROR" });
  expect(runs).toBe(4);
  expect(world.pauses).toEqual([10, 20, 30]);
  expect(connection.transactionStatus).toBe("idle");
});

test("without retry a serialization failure is the caller's", async () => {
  const connection = await bench.connect();
  let runs = 0;
  const outcome = connection.transaction(async (transaction) => {
    runs += 1;
    await transaction.query(fail("40001"));
  });
  expect(await rejection(outcome)).toMatchObject({ code: "40001" });
  expect(runs).toBe(1);
});

test("an error that the server did not ask to repeat is not retried", async () => {
  const connection = await bench.connect();
  let runs = 0;
  const failures = [
    () => connection.query("select 1/0"),
    () => Promise.reject(Object.assign(new Error("mine"), { code: "40001" })),
  ];
  for (const failure of failures) {
    runs = 0;
    const outcome = connection.transaction(
      async () => {
        runs += 1;
        await failure();
      },
      { retry: { attempts: 3 } },
    );
    await rejection(outcome);
    expect(runs).toBe(1);
  }
});

test("a serialization failure is recognised as the cause of another error", async () => {
  const connection = await bench.connect();
  let runs = 0;
  await connection.transaction(
    async (transaction) => {
      runs += 1;
      if (runs > 1) return;
      await transaction.query(fail("40001")).catch((cause) => {
        throw new Error("the repository failed", { cause });
      });
    },
    { retry: { attempts: 2 } },
  );
  expect(runs).toBe(2);
});

test("a serialization failure that COMMIT finds is retried", async () => {
  const connection = await bench.connect();
  await connection.script(`
    create function fail_once() returns trigger language plpgsql as $$
      begin if new.label = 'fail' then raise exception 'again' using errcode = '40001'; end if; return null; end $$;
    create constraint trigger fail_late after insert on items deferrable initially deferred
      for each row execute function fail_once()`);
  let runs = 0;
  await connection.transaction(
    async (transaction) => {
      runs += 1;
      await transaction.query("insert into items values (1, $1)", [runs === 1 ? "fail" : "fine"]);
    },
    { retry: { attempts: 2 } },
  );
  expect(runs).toBe(2);
  expect(await bench.ids()).toEqual([1]);
  await connection.script("drop trigger fail_late on items; drop function fail_once");
});

test("an abort ends the wait for the next attempt", async () => {
  const connection = await bench.connect();
  const controller = new AbortController();
  const reason = new Error("enough");
  const outcome = connection.transaction(
    async (transaction) => {
      await transaction.query(fail("40001")).finally(() => setImmediate(() => controller.abort(reason)));
    },
    { signal: controller.signal, retry: { attempts: 1_000, minDelayMillis: 60_000, maxDelayMillis: 60_000 } },
  );
  expect(await rejection(outcome)).toBe(reason);
  expect(connection.transactionStatus).toBe("idle");
});

test("each attempt is observed with its number, its outcome and whether it is tried again", async () => {
  const seen: (TransactionStart | TransactionEnd)[] = [];
  const observer: ConnectionObserver = {
    started: () => null,
    transactionStarted(_connection, transaction) {
      seen.push(transaction);
      return { run: (attempt) => attempt(), end: (end) => seen.push(end) };
    },
  };
  const connection = await bench.connect({ observer });
  let runs = 0;
  await connection.transaction(
    async (transaction) => {
      runs += 1;
      if (runs === 1) await transaction.query(fail("40001"));
      await transaction.transaction((savepoint) => savepoint.query("select 1"));
    },
    { isolation: "serializable", retry: { attempts: 2 } },
  );
  expect(seen).toEqual([
    { isolation: "serializable", attempt: 1, scope: null },
    {
      outcome: "rollback",
      error: expect.objectContaining({ code: "40001" }),
      wasAborted: false,
      isRetried: true,
    },
    { isolation: "serializable", attempt: 2, scope: null },
    { outcome: "commit", error: null, wasAborted: false, isRetried: false },
  ]);
});

test("the longest pause doubles with each attempt up to its limit, and chance shortens it", () => {
  const policy = new RetryPolicy({ attempts: 10, minDelayMillis: 10, maxDelayMillis: 100 });
  const longest = [1, 2, 3, 4, 5, 50].map((attempt) => policy.delayMillis(attempt, 1));
  expect(longest).toEqual([10, 20, 40, 80, 100, 100]);
  expect(policy.delayMillis(3, 0.25)).toBe(10);
  expect(policy.delayMillis(3, 0)).toBe(0);
});

test("a retry policy that makes no sense is refused", () => {
  for (const options of [
    { attempts: 0 },
    { attempts: 1.5 },
    { attempts: 2, minDelayMillis: 5, maxDelayMillis: 1 },
  ]) {
    expect(() => new RetryPolicy(options)).toThrow(expect.objectContaining({ code: "POOL_CONFIG" }));
  }
});
