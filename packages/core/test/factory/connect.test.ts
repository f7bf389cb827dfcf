import { createServer, type Server, Socket } from "node:net";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Connection } from "../../src/connection/connection.ts";
import { createPool } from "../../src/create-pool.ts";
import type {
  ConnectionFactory,
  ConnectionFactoryOptions,
  FactoryConfig,
} from "../../src/factory/connection-factory.ts";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

function factoryOf(
  options: ConnectionFactoryOptions = {},
  more: FactoryConfig & object = {},
): ConnectionFactory {
  return createConnectionFactory(
    { connectionString: server.url, ...more },
    { environment: {}, homeDirectory: "/nowhere", ...options },
  );
}

async function setting(connection: Connection, name: string): Promise<unknown> {
  const { rows } = await connection.query("select current_setting($1) as value", [name]);
  return rows[0]?.value;
}

/** The sessions that the server has, apart from the one that asks. */
async function sessions(): Promise<number> {
  await using connection = await factoryOf().connect();
  const { rows } = await connection.query(
    "select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  return Number(rows[0]?.count);
}

it("a factory opens connections that answer, each with an identity of its own", async () => {
  const factory = factoryOf();
  await using first = await factory.connect();
  await using second = await factory.connect({ id: "main#7" });
  expect((await first.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  expect(first.id).toMatch(/^postgres@127\.0\.0\.1#\d+$/);
  expect(second.id).toBe("main#7");
  expect((await first.query("select pg_backend_pid() as pid")).rows).toEqual([{ pid: first.backendPid }]);
});

it("the target tells where connections go", () => {
  const factory = createConnectionFactory(
    "postgresql://app:secret@db1:1,db2:2/orders?target_session_attrs=read-write",
    {
      environment: {},
    },
  );
  expect(factory.target).toEqual({
    hosts: [
      { host: "db1", port: 1 },
      { host: "db2", port: 2 },
    ],
    database: "orders",
    user: "app",
    sslmode: "prefer",
    targetSessionAttrs: "read-write",
  });
});

it("options, application_name and the setting variables of libpq shape the session", async () => {
  const environment = { PGDATESTYLE: "German", PGTZ: "Europe/Berlin", PGGEQO: "off", PGAPPNAME: "from env" };
  await using connection = await factoryOf(
    { environment },
    { options: "-c search_path=a,b -c work_mem=5MB" },
  ).connect();
  expect({
    searchPath: await setting(connection, "search_path"),
    workMem: await setting(connection, "work_mem"),
    dateStyle: await setting(connection, "datestyle"),
    timeZone: await setting(connection, "timezone"),
    geqo: await setting(connection, "geqo"),
    application: await setting(connection, "application_name"),
    encoding: await setting(connection, "client_encoding"),
  }).toEqual({
    searchPath: "a,b",
    workMem: "5MB",
    dateStyle: "German, DMY",
    timeZone: "Europe/Berlin",
    geqo: "off",
    application: "from env",
    encoding: "UTF8",
  });
});

it("the variables of the process do not reach a connection whose environment is given", async () => {
  const leaking = {
    PGOPTIONS: "-c work_mem=9MB",
    PGAPPNAME: "leak",
    PGSSLNEGOTIATION: "direct",
    PGDATABASE: "leak",
  };
  Object.assign(process.env, leaking);
  try {
    await using connection = await factoryOf().connect();
    expect(await setting(connection, "application_name")).toBe("");
    expect(await setting(connection, "work_mem")).toBe("4MB");
  } finally {
    for (const name of Object.keys(leaking)) delete process.env[name];
  }
});

it("a connect_timeout that is longer than any timer does not end the connect at once", async () => {
  await using connection = await factoryOf({}, { connect_timeout: 2_147_483_647 }).connect();
  expect(connection.backendPid).toBeGreaterThan(0);
});

describe("configure", () => {
  it("runs once on each new connection, before anybody else has it", async () => {
    const seen: string[] = [];
    const factory = factoryOf({
      configure: async (connection) => {
        seen.push(connection.id);
        await connection.query("set time zone 'Asia/Tokyo'");
      },
    });
    await using connection = await factory.connect();
    expect(await setting(connection, "timezone")).toBe("Asia/Tokyo");
    expect(seen).toEqual([connection.id]);
    expect([...connection.traits]).toEqual([]);
  });

  it("runs again after a reset that dropped what it had set", async () => {
    const factory = factoryOf({
      configure: async (connection) => void (await connection.query("set time zone 'Asia/Tokyo'")),
    });
    await using pool = createPool(factory, { max: 1, reset: "clean" });
    await pool.use(async (connection) => void (await connection.query("set time zone 'Europe/Rome'")));
    expect(await pool.use((connection) => setting(connection, "timezone"))).toBe("Asia/Tokyo");
  });

  it("that leaves a transaction open is an error, and the connection is closed", async () => {
    const factory = factoryOf({ configure: async (connection) => void (await connection.query("begin")) });
    await expect(factory.connect()).rejects.toMatchObject({ code: "POOL_CONFIG", source: "configure" });
    await expect.poll(sessions).toBe(0);
  });

  it("that fails fails the connect with the same error, and the connection is closed", async () => {
    const factory = factoryOf({
      configure: async (connection) => void (await connection.query("select 1/0")),
    });
    await expect(factory.connect()).rejects.toMatchObject({ code: "22012" });
    await expect.poll(sessions).toBe(0);
  });
});

describe("an abort", () => {
  const reason = new Error("enough");

  it("before the connect opens nothing", async () => {
    await expect(factoryOf().connect({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it.each(["beforeConnect", "password", "stream"] as const)(
    "while %s is under way ends the connect",
    async (stage) => {
      const controller = new AbortController();
      const never = (): Promise<never> => {
        queueMicrotask(() => controller.abort(reason));
        return new Promise(() => {});
      };
      const factory = factoryOf({ [stage]: never });
      await expect(factory.connect({ signal: controller.signal })).rejects.toBe(reason);
    },
  );

  it("while configure runs ends the connect and its statement", async () => {
    const controller = new AbortController();
    const factory = factoryOf({
      configure: async (connection) => void (await connection.query("select pg_sleep(60)")),
    });
    const stopped = expect(factory.connect({ signal: controller.signal })).rejects.toBe(reason);
    await expect.poll(sessions).toBe(1);
    controller.abort(reason);
    await stopped;
    await expect.poll(sessions).toBe(0);
  });

  it.each([
    ["before the server answers the request for TLS", "prefer", []],
    ["in the TLS handshake", "require", ["S"]],
    ["before the server asks who we are", "disable", []],
    ["while the server checks the password", "disable", ["R\0\0\0\x08\0\0\0\x03"]],
  ])("%s leaves no socket", async (_stage, sslmode, answers) => {
    await using silent = await startScripted(answers);
    const controller = new AbortController();
    const factory = factoryOf(
      {},
      { connectionString: "", host: "127.0.0.1", port: silent.port, sslmode, password: "x", user: "u" },
    );
    const connecting = factory.connect({ signal: controller.signal });
    const stopped = expect(connecting).rejects.toBe(reason);
    await expect.poll(() => silent.received).toBe(answers.length + 1);
    controller.abort(reason);
    await stopped;
    await expect.poll(() => silent.open).toBe(0);
  });

  it("lets a stream that comes too late be destroyed", async () => {
    const controller = new AbortController();
    await using silent = await startScripted([]);
    const { connect } = await import("node:net");
    let deliver: (stream: Socket) => void = () => {};
    const factory = factoryOf({
      stream: () =>
        new Promise((resolve) => {
          deliver = resolve;
        }),
    });
    const connecting = factory.connect({ signal: controller.signal });
    await expect.poll(() => deliver.length).toBe(1);
    controller.abort(reason);
    await expect(connecting).rejects.toBe(reason);
    const late = connect(silent.port, "127.0.0.1");
    deliver(late);
    await expect.poll(() => late.destroyed).toBe(true);
  });
});

it("a server that closes the connection without a word is an attempt that was closed", async () => {
  await using rude = await startScripted([], (socket) => socket.end());
  for (const sslmode of ["disable", "require"]) {
    const factory = factoryOf(
      {},
      { connectionString: "", host: "127.0.0.1", port: rude.port, sslmode, user: "u" },
    );
    await expect(factory.connect()).rejects.toMatchObject({ attempts: [{ reason: "closed" }] });
  }
});

it.each([
  ["an error", "E\0\0\0\x05\0"],
  ["more than the one byte that is due", "Sxxxx"],
  ["a plain refusal with something behind it", "Nxxxx"],
])(
  "a server that answers the request for TLS with %s is not trusted in plain text either",
  async (_what, answer) => {
    await using odd = await startScripted([answer, "R\0\0\0\x08\0\0\0\0"]);
    const factory = factoryOf(
      {},
      { connectionString: "", host: "127.0.0.1", port: odd.port, sslmode: "prefer", user: "u" },
    );
    await expect(factory.connect()).rejects.toMatchObject({ attempts: [{ reason: "tls_error" }] });
    expect(odd.received).toBe(1);
  },
);

it.each([
  ["an authentication that nobody here speaks", "R\0\0\0\x08\0\0\0\x07"],
  ["a message that is none", "X\0\0\0\x04"],
])("a server that sends %s fails the connect, not the process", async (_what, answer) => {
  await using odd = await startScripted([answer], (socket) => socket.unref());
  const factory = factoryOf(
    {},
    {
      connectionString: "",
      host: "127.0.0.1",
      port: odd.port,
      sslmode: "disable",
      user: "u",
      connect_timeout: 2,
    },
  );
  await expect(factory.connect()).rejects.toMatchObject({
    code: "POOL_CONNECT",
    attempts: [{ reason: expect.stringMatching(/^(protocol_error|error)$/) }],
  });
  await expect.poll(() => odd.open).toBe(0);
});

it.each([
  [{}, [[true, 0]]],
  [{ keepalives_idle: 30 }, [[true, 30_000]]],
  [{ keepalives: 0 }, []],
])("TCP keepalive with %j", async (config, expected) => {
  const setKeepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
  try {
    await using _connection = await factoryOf({}, config).connect();
    expect(setKeepAlive.mock.calls).toEqual(expected);
  } finally {
    setKeepAlive.mockRestore();
  }
});

it("many connects at once give no warning of a leak", async () => {
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.name);
  process.on("warning", onWarning);
  try {
    const factory = factoryOf({ password: async () => "x" });
    const connections = await Promise.all(Array.from({ length: 20 }, () => factory.connect()));
    await Promise.all(connections.map((connection) => connection.close()));
  } finally {
    process.off("warning", onWarning);
  }
  expect(warnings).toEqual([]);
});

it("beforeConnect runs before each connect and can fail it", async () => {
  let calls = 0;
  const factory = factoryOf({
    beforeConnect: ({ database }) => {
      calls += 1;
      if (calls === 2) throw new Error(`not ${database} now`);
    },
  });
  await using _first = await factory.connect();
  await expect(factory.connect()).rejects.toThrow("not postgres now");
});

/** A server that gives one answer to each message, then is silent. */
async function startScripted(answers: readonly string[], onConnect: (socket: Socket) => void = () => {}) {
  const sockets = new Set<Socket>();
  let received = 0;
  const listener: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.on("data", () => {
      const answer = answers[received];
      received += 1;
      if (answer !== undefined) socket.write(answer, "latin1");
    });
    onConnect(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    get received() {
      return received;
    },
    get open() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
