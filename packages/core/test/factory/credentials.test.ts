import { inspect } from "node:util";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import type {
  ConnectionTarget,
  Credential,
  PasswordProvider,
  SslMode,
} from "../../src/factory/connection-factory.ts";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";
import { Credentials } from "../../src/factory/credentials.ts";

const target: ConnectionTarget = {
  hosts: [{ host: "db1", port: 5432 }],
  database: "orders",
  user: "app",
  sslmode: "prefer",
  targetSessionAttrs: "any",
};

const never = new AbortController().signal;

describe("a provider", () => {
  it("is asked on each connect where its password does not expire", async () => {
    let calls = 0;
    const credentials = new Credentials(
      () => `password ${++calls}`,
      target,
      () => 0,
    );
    expect(await credentials.get(never)).toBe("password 1");
    expect(await credentials.get(never)).toBe("password 2");
  });

  it("is asked again only when its password has expired", async () => {
    let now = 0;
    let calls = 0;
    const credentials = new Credentials(
      () => ({ password: `password ${++calls}`, expiresAt: new Date(now + 900_000) }),
      target,
      () => now,
    );
    expect(await credentials.get(never)).toBe("password 1");
    now = 839_999;
    expect(await credentials.get(never)).toBe("password 1");
    now = 900_000;
    expect(await credentials.get(never)).toBe("password 2");
    expect(calls).toBe(2);
  });

  it("is asked ahead of the expiry while the password still serves", async () => {
    let now = 0;
    let calls = 0;
    const provider: PasswordProvider = () => ({ password: `password ${++calls}`, expiresAt: now + 900_000 });
    const credentials = new Credentials(provider, target, () => now);
    await credentials.get(never);
    now = 840_000;
    expect(await credentials.get(never)).toBe("password 1");
    await expect.poll(() => calls).toBe(2);
    await expect.poll(() => credentials.get(never)).toBe("password 2");
    expect(calls).toBe(2);
  });

  it("that fails ahead of the expiry is asked again by the next connect", async () => {
    let now = 0;
    const answers: (Credential | Error)[] = [
      { password: "first", expiresAt: 900_000 },
      new Error("the vault is closed"),
      { password: "second", expiresAt: 1_800_000 },
    ];
    const provider: PasswordProvider = async () => {
      const answer = answers.shift() ?? new Error("asked too often");
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const credentials = new Credentials(provider, target, () => now);
    await credentials.get(never);
    now = 850_000;
    expect(await credentials.get(never)).toBe("first");
    await expect.poll(() => answers.length).toBe(1);
    await expect.poll(() => credentials.get(never)).toBe("second");
  });

  it("is asked once by connects that come together", async () => {
    let calls = 0;
    const answers: ((password: string) => void)[] = [];
    const credentials = new Credentials(
      () => {
        calls += 1;
        return new Promise<string>((resolve) => answers.push(resolve));
      },
      target,
      () => 0,
    );
    const waiting = Promise.all([credentials.get(never), credentials.get(never), credentials.get(never)]);
    answers[0]?.("shared");
    expect(await waiting).toEqual(["shared", "shared", "shared"]);
    expect(calls).toBe(1);
  });

  it("is asked anew for a password that was refused, unless that has been replaced already", async () => {
    let calls = 0;
    const credentials = new Credentials(
      () => ({ password: `password ${++calls}`, expiresAt: 900_000 }),
      target,
      () => 0,
    );
    expect(await credentials.get(never)).toBe("password 1");
    expect(await credentials.replace("password 1", never)).toBe("password 2");
    expect(await credentials.replace("password 1", never)).toBe("password 2");
    expect(calls).toBe(2);
  });

  it("that never answers is asked anew once nobody waits for it any more, and its late answer does not count", async () => {
    const answers: ((credential: Credential) => void)[] = [];
    const credentials = new Credentials(
      () => new Promise((resolve) => answers.push(resolve)),
      target,
      () => 0,
    );
    const patience = [new AbortController(), new AbortController()];
    const waiting = patience.map(({ signal }) => credentials.get(signal));
    for (const controller of patience) controller.abort(new Error("enough"));
    for (const wait of waiting) await expect(wait).rejects.toThrow("enough");
    const next = credentials.get(never);
    expect(answers).toHaveLength(2);
    answers[1]?.({ password: "new", expiresAt: 900_000 });
    expect(await next).toBe("new");
    answers[0]?.({ password: "old", expiresAt: 900_000 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await credentials.get(never)).toBe("new");
  });

  it("is still shared while one of those who asked waits", async () => {
    let calls = 0;
    let answer = (_password: string): void => {};
    const credentials = new Credentials(
      () => {
        calls += 1;
        return new Promise<string>((resolve) => {
          answer = resolve;
        });
      },
      target,
      () => 0,
    );
    const leaving = new AbortController();
    const left = credentials.get(leaving.signal);
    const staying = credentials.get(never);
    leaving.abort(new Error("enough"));
    await expect(left).rejects.toThrow("enough");
    const late = credentials.get(never);
    answer("shared");
    expect(await Promise.all([staying, late])).toEqual(["shared", "shared"]);
    expect(calls).toBe(1);
  });

  it.each(["null", "1", "{}", '{"password":1}', '{"password":"x","expiresAt":"soon"}'])(
    "must not answer %s",
    async (answer) => {
      const credentials = new Credentials(
        () => JSON.parse(answer),
        target,
        () => 0,
      );
      await expect(credentials.get(never)).rejects.toThrow(ConfigError);
    },
  );
});

describe("at a server that asks for a password", () => {
  let server: PostgresServer;
  const secret = "s3cret/with ümlaut";

  beforeAll(async () => {
    server = await startPostgres();
    await using admin = await createConnectionFactory(server.url).connect();
    await admin.query(`alter role postgres password '${secret}'`);
    await server.setHba("host all all 127.0.0.1/32 scram-sha-256");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const factoryWith = (password?: string | PasswordProvider, sslmode: SslMode = "disable") =>
    createConnectionFactory(`${server.url}?sslmode=${sslmode}`, {
      environment: {},
      homeDirectory: "/nowhere",
      ...(password === undefined ? {} : { password }),
    });

  it("a string, a function and a provider open a connection", async () => {
    for (const password of [
      secret,
      () => secret,
      async () => ({ password: secret, expiresAt: Date.now() + 60_000 }),
    ]) {
      await using connection = await factoryWith(password).connect();
      expect(connection.backendPid).toBeGreaterThan(0);
    }
  });

  it.each(["disable", "allow", "prefer"] as const)(
    "a password that has been rotated is fetched once more and used, with sslmode=%s",
    async (sslmode) => {
      const answers = ["old", secret, "not asked for"];
      const provider = () => ({ password: answers.shift() ?? "", expiresAt: Date.now() + 3_600_000 });
      const factory = factoryWith(provider, sslmode);
      await using first = await factory.connect();
      await using second = await factory.connect();
      expect(first.backendPid).not.toBe(second.backendPid);
      expect(answers).toEqual(["not asked for"]);
    },
  );

  it("a password that is refused twice fails the connect", async () => {
    let calls = 0;
    const factory = factoryWith(() => `wrong ${++calls}`);
    await expect(factory.connect()).rejects.toMatchObject({
      attempts: [{ host: "127.0.0.1", port: server.port, reason: "28P01" }],
    });
    expect(calls).toBe(2);
  });

  it("an abort ends a connect that waits for the password in place of a refused one", async () => {
    const controller = new AbortController();
    let calls = 0;
    const provider: PasswordProvider = () => {
      calls += 1;
      if (calls === 1) return "old";
      controller.abort(new Error("enough"));
      return new Promise(() => {});
    };
    const connecting = factoryWith(provider).connect({ signal: controller.signal });
    await expect(connecting).rejects.toThrow("enough");
  });

  it("a password that is a number stands for its text, as any value of a config object", async () => {
    const { host, port, user, database } = server;
    const config = { host, port, user, database, sslmode: "disable", password: 12345 };
    const factory = Reflect.apply(createConnectionFactory, null, [config, { environment: {} }]);
    await expect(factory.connect()).rejects.toMatchObject({ attempts: [{ reason: "28P01" }] });
  });

  it("a provider that fails fails the connect with its own error", async () => {
    const failure = new Error("the vault is closed");
    const factory = factoryWith(() => Promise.reject(failure));
    await expect(factory.connect()).rejects.toBe(failure);
  });

  it("no password is an error that says where to put one", async () => {
    await expect(factoryWith().connect()).rejects.toThrow(/set password, PGPASSWORD or a password file/);
  });

  it("a password file that others can read is named as the reason", async () => {
    const factory = createConnectionFactory(`${server.url}?sslmode=disable&passfile=/etc/passwd`, {
      environment: {},
    });
    await expect(factory.connect()).rejects.toThrow(
      '"/etc/passwd" has group or world access; chmod it to 0600',
    );
  });

  it("a password shows neither in the factory, nor in its errors, nor in the connection", async () => {
    const factory = factoryWith(secret);
    await using connection = await factory.connect();
    const wrong = createConnectionFactory(server.url.replace("postgres@", "postgres:hidden-word@"), {
      environment: {},
    });
    const failure: unknown = await wrong.connect().catch((error: unknown) => error);
    const texts = [factory, wrong, connection, failure, failure instanceof Error ? failure.cause : null].map(
      (value) => [inspect(value, { depth: 12, showHidden: true }), JSON.stringify(value)].join(),
    );
    expect(failure).toMatchObject({ code: "POOL_CONNECT" });
    for (const text of texts) expect(text).not.toMatch(/hidden-word|s3cret/);
  });
});
