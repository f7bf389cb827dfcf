import { describe, expect, it } from "vitest";
import { viewPool } from "../../../src/model/pool/pool-view.ts";
import { noRows } from "../fake-database.ts";
import { madeSession, request } from "./made-session.ts";

describe("a connection goes back by itself", () => {
  it("when the session is clean", async () => {
    const { database, session, run } = madeSession();
    await run();
    expect(database.leases.map(({ isReleased }) => isReleased)).toEqual([true]);
    expect(session.state.kind).toBe("free");
  });

  it("when the statement failed outside a transaction", async () => {
    const { database, run } = madeSession();
    database.prepare = (lease) => {
      lease.next = async () => Promise.reject(new Error("no"));
    };
    await expect(run()).rejects.toThrow("no");
    expect(database.leases[0]?.isReleased).toBe(true);
  });

  it("once the transaction has ended", async () => {
    const { database, session, run } = madeSession();
    database.prepare = (lease) => {
      lease.transactionStatus = "transaction";
    };
    await run();
    expect(session.state.kind).toBe("kept");
    const [lease] = database.leases;
    if (lease) lease.transactionStatus = "idle";
    await run();
    expect(database.leases).toHaveLength(1);
    expect(lease?.isReleased).toBe(true);
  });
});

describe("what nobody can name", () => {
  it("is no reason to keep a connection", async () => {
    const { database, run } = madeSession();
    database.prepare = (lease) => lease.traits.add("unknown");
    await run();
    expect(database.leases[0]?.isReleased).toBe(true);
  });
});

describe("a connection is kept", () => {
  it("for each thing that giving it back would lose", async () => {
    const { database, session, run } = madeSession();
    database.prepare = (lease) => {
      lease.transactionStatus = "failed";
      lease.traits = new Set(["temporary_table", "advisory_lock"]);
    };
    await run();
    expect(session.reasons).toEqual(["failed transaction", "temporary table", "advisory lock"]);
    expect(database.leases[0]?.isReleased).toBe(false);
  });

  it("until it is released on request, whatever it carries", async () => {
    const { database, session, run } = madeSession();
    database.prepare = (lease) => lease.traits.add("settings");
    await run();
    await session.release();
    expect(database.leases[0]?.isReleased).toBe(true);
    expect(session.state.kind).toBe("free");
  });
});

describe("the next run", () => {
  it("cannot begin while one runs", () => {
    const { session } = madeSession();
    session.begin();
    expect(() => session.begin()).toThrow(/already runs/);
  });
});

describe("who holds and who waits", () => {
  it("is seen from outside", async () => {
    const { database, clock, session, run } = madeSession();
    const named = [{ session, editor: "a.sql", uri: "file:///a.sql" }];
    let open = () => {};
    database.acquired = () =>
      new Promise((resolve) => {
        open = resolve;
      });
    database.prepare = (lease) => {
      lease.transactionStatus = "transaction";
    };
    const running = run();
    await expect.poll(() => session.state.kind).toBe("waiting");
    clock.advance(300);
    expect(viewPool(database, named, clock.now()).waiters).toEqual([
      {
        holder: {
          caller: null,
          label: "a.sql:7",
          place: { path: "file:///a.sql", line: 7 },
          statement: "select 1",
          traceId: null,
        },
        forMillis: 300,
      },
    ]);
    open();
    await running;
    clock.advance(2_000);
    expect(viewPool(database, named, clock.now()).slots).toEqual([
      {
        id: "shop#1",
        backendPid: 100,
        state: "kept",
        forMillis: 2_000,
        holder: {
          caller: null,
          label: "a.sql:7",
          place: { path: "file:///a.sql", line: 7 },
          statement: "select 1",
          traceId: null,
        },
        reasons: ["open transaction"],
        isTransactionFailed: false,
        leak: null,
        server: null,
      },
    ]);
  });

  it("is nobody after a wait that failed", async () => {
    const { database, session, run } = madeSession();
    database.acquired = () => Promise.reject(new Error("no connection"));
    await expect(run()).rejects.toThrow("no connection");
    expect(session.state.kind).toBe("free");
  });
});

describe("a pinned session", () => {
  it("keeps its connection from its first run until it is released", async () => {
    const { database, session, run } = madeSession({ mode: "pinned" });
    await run();
    await run();
    expect({ leases: database.leases.length, reasons: session.reasons }).toEqual({
      leases: 1,
      reasons: ["pinned"],
    });
    await session.release();
    expect(database.leases[0]?.isReleased).toBe(true);
  });
});

describe("a pooled session", () => {
  it("gives its connection back after each run, and says what was lost by it", async () => {
    const { database, session, run, losses } = madeSession({ mode: "pooled" });
    database.prepare = (lease) => {
      lease.transactionStatus = "transaction";
    };
    await run();
    expect({ state: session.state.kind, isReleased: database.leases[0]?.isReleased, losses }).toEqual({
      state: "free",
      isReleased: true,
      losses: [{ cause: "pooled", carried: ["open transaction"] }],
    });
  });

  it("keeps it between the statements of one run", async () => {
    const { database, session } = madeSession({ mode: "pooled" });
    session.begin();
    await session.execute(request());
    await session.execute(request());
    await session.settle();
    expect(database.leases).toHaveLength(1);
  });
});

describe("an open transaction", () => {
  it("is as old as the statement that began it", async () => {
    const { database, clock, session, run } = madeSession();
    database.prepare = (lease) => {
      lease.next = async () => {
        clock.advance(500);
        lease.transactionStatus = "transaction";
        return noRows;
      };
    };
    clock.advance(1_000);
    await run();
    expect(session.transaction).toEqual({ status: "transaction", since: 1_000 });
    const [lease] = database.leases;
    if (lease) {
      lease.next = async () => {
        lease.transactionStatus = "failed";
        throw new Error("no");
      };
    }
    await expect(run()).rejects.toThrow("no");
    expect(session.transaction).toEqual({ status: "failed", since: 1_000 });
  });

  it("ends by a commit, which gives the connection back", async () => {
    const { database, session, run } = madeSession();
    database.prepare = (lease) => {
      lease.transactionStatus = "transaction";
    };
    await run();
    const [lease] = database.leases;
    if (lease) {
      lease.next = async () => {
        lease.transactionStatus = "idle";
        return { ...noRows, command: "COMMIT" };
      };
    }
    expect(await session.endTransaction("commit", new AbortController().signal)).toBe("COMMIT");
    expect({ executed: lease?.executed.at(-1)?.text, transaction: session.transaction }).toEqual({
      executed: "commit",
      transaction: null,
    });
    expect(lease?.isReleased).toBe(true);
  });
});

describe("a connection that is lost while it is kept", () => {
  it("is reported with what it carried, and never replaced unseen", async () => {
    const { database, session, run, losses } = madeSession();
    database.prepare = (lease) => {
      lease.transactionStatus = "transaction";
      lease.traits.add("temporary_table");
    };
    await run();
    database.leases[0]?.lose();
    expect({ losses, state: session.state.kind }).toEqual({
      losses: [{ cause: "lost", carried: ["open transaction", "temporary table"] }],
      state: "free",
    });
    await expect(run()).rejects.toMatchObject({ code: "SESSION_LOST" });
    expect(database.leases).toHaveLength(1);
    await run();
    expect(database.leases).toHaveLength(2);
  });

  it("is nobody's concern where it carried nothing", async () => {
    const { database, run, losses } = madeSession({ mode: "pinned" });
    await run();
    database.leases[0]?.lose();
    expect(losses).toEqual([]);
    await run();
    expect(database.leases).toHaveLength(2);
  });
});

describe("the values of parameters", () => {
  it("are asked for on the connection that the statement runs on, which is kept meanwhile", async () => {
    const { database, session, run } = madeSession();
    let reasons: readonly string[] = [];
    const askValues = async () => {
      reasons = session.reasons;
      return ["7", null];
    };
    await run({ askValues, sent: "select $1, $2" });
    expect(reasons).toEqual(["parameter values are asked for"]);
    expect(database.leases[0]?.executed).toEqual([{ text: "select $1, $2", values: ["7", null] }]);
    expect(database.leases[0]?.isReleased).toBe(true);
  });

  it("that are not given send nothing", async () => {
    const { database, run } = madeSession();
    await expect(run({ askValues: () => Promise.reject(new Error("no")) })).rejects.toThrow("no");
    expect(database.leases[0]).toMatchObject({ executed: [], isReleased: true });
  });

  it.each([
    { carried: ["open transaction"], status: "transaction" },
    { carried: [], status: "idle" },
  ] as const)(
    "are asked for no more where the connection is lost with $carried",
    async ({ carried, status }) => {
      const { database, run, losses } = madeSession();
      database.prepare = (lease) => {
        lease.transactionStatus = status;
      };
      const lost = run({
        askValues: (_, signal) => {
          const given = new Promise<readonly string[]>((resolve) => {
            signal.addEventListener("abort", () => resolve(["7"]));
          });
          database.leases[0]?.lose();
          return given;
        },
      });
      await expect(lost).rejects.toMatchObject({ code: "SESSION_LOST", carried });
      expect(database.leases[0]?.executed).toEqual([]);
      expect(losses).toEqual(carried.length === 0 ? [] : [{ cause: "lost", carried }]);
      await run();
      expect(database.leases).toHaveLength(2);
    },
  );
});
