import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PostgresServer, startFaultProxy, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, ConnectError } from "../../src/errors.ts";
import type { ConnectionFactoryOptions, FactoryConfig } from "../../src/factory/connection-factory.ts";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";
import { ask, bundledOracle, noBundledOracle } from "../config/oracle.ts";

const hba = `
hostssl all only_tls 127.0.0.1/32 trust
hostnossl all only_plain 127.0.0.1/32 trust
hostssl all certified 127.0.0.1/32 cert
host all scram 127.0.0.1/32 scram-sha-256
host all md5 127.0.0.1/32 md5
host all clear 127.0.0.1/32 password
host all postgres 127.0.0.1/32 trust
host all postgres ::1/128 trust
local all postgres trust
`;

let tls: PostgresServer;
let plain: PostgresServer;
let home: string;
let strangerFile: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "rockpool-home-"));
  const stranger = await startPostgres({ tls: true });
  strangerFile = join(home, "stranger.crt");
  copyFileSync(stranger.caFile ?? "", strangerFile);
  await stranger[Symbol.asyncDispose]();
  [tls, plain] = await Promise.all([startPostgres({ tls: true }), startPostgres()]);
  await using admin = await connect(tls, {});
  await admin.script(`
    create role only_tls login; create role only_plain login; create role certified login;
    create role scram login password 'secret'; create role clear login password 'secret';
    set password_encryption to 'md5'; create role md5 login password 'secret';
  `);
  await tls.setHba(hba);
});
afterAll(async () => {
  await Promise.all([tls[Symbol.asyncDispose](), plain[Symbol.asyncDispose]()]);
  rmSync(home, { recursive: true });
});

function connect(
  server: PostgresServer,
  config: FactoryConfig & object,
  options: ConnectionFactoryOptions = {},
) {
  return createConnectionFactory(
    { host: "127.0.0.1", port: server.port, user: "postgres", dbname: "postgres", ...config },
    { environment: {}, homeDirectory: home, ...options },
  ).connect({ signal: AbortSignal.timeout(20_000) });
}

/** What was tried without a stream or a home of its own, and what it came to, for libpq to try too. */
const tried: { readonly connect: string; readonly expected: string }[] = [];

/** `tls` or `plain`, as the server sees the connection, or the reason of the last attempt. */
async function outcome(
  server: PostgresServer,
  config: FactoryConfig & object,
  options?: ConnectionFactoryOptions,
): Promise<string> {
  const found = await ourOutcome(server, config, options);
  if (options === undefined && !("port" in config)) {
    const values = { host: "127.0.0.1", port: server.port, user: "postgres", dbname: "postgres", ...config };
    const pairs = Object.entries(values).map(([keyword, value]) => `${keyword}='${String(value)}'`);
    tried.push({ connect: pairs.join(" "), expected: /^(tls|plain)$/.test(found) ? found : "error" });
  }
  return found;
}

async function ourOutcome(
  server: PostgresServer,
  config: FactoryConfig & object,
  options?: ConnectionFactoryOptions,
): Promise<string> {
  try {
    await using connection = await connect(server, config, options);
    const { rows } = await connection.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    return rows[0]?.ssl === true ? "tls" : "plain";
  } catch (error) {
    if (error instanceof ConnectError) return error.attempts.at(-1)?.reason ?? "none";
    if (error instanceof ConfigError) return "config";
    throw error;
  }
}

const wrongName = { host: "db.example", hostaddr: "127.0.0.1" };
const noTrust = "SELF_SIGNED_CERT_IN_CHAIN";

describe("sslmode means what it means to libpq", () => {
  it.each([
    // mode, no roots, right roots, roots of a stranger, right roots and a name that is not in the certificate
    ["disable", "plain", "plain", "plain", "plain"],
    ["allow", "plain", "plain", "plain", "plain"],
    ["prefer", "tls", "tls", "plain", "tls"],
    ["require", "tls", "tls", noTrust, "tls"],
    ["verify-ca", "config", "tls", noTrust, "tls"],
    ["verify-full", "config", "tls", noTrust, "tls_name_mismatch"],
  ])("%s", async (sslmode, withoutRoots, trusted, distrusted, misnamed) => {
    const sslrootcert = tls.caFile ?? "";
    expect({
      withoutRoots: await outcome(tls, { sslmode }),
      trusted: await outcome(tls, { sslmode, sslrootcert }),
      distrusted: await outcome(tls, { sslmode, sslrootcert: strangerFile }),
      misnamed: await outcome(tls, { sslmode, sslrootcert, ...wrongName }),
    }).toEqual({ withoutRoots, trusted, distrusted, misnamed });
  });

  it.each([
    ["disable", "plain"],
    ["allow", "plain"],
    ["prefer", "plain"],
    ["require", "tls_refused"],
    ["verify-ca", "tls_refused"],
    ["verify-full", "tls_refused"],
  ])("%s at a server without TLS", async (sslmode, expected) => {
    expect(await outcome(plain, { sslmode, sslrootcert: tls.caFile ?? "" })).toBe(expected);
  });

  it.each([
    ["disable", "28000", "plain"],
    ["allow", "tls", "plain"],
    ["prefer", "tls", "plain"],
    ["require", "tls", "28000"],
  ])(
    "%s at a server that lets one user in by TLS alone and another without",
    async (sslmode, onlyTls, onlyPlain) => {
      expect(await outcome(tls, { sslmode, user: "only_tls" })).toBe(onlyTls);
      expect(await outcome(tls, { sslmode, user: "only_plain" })).toBe(onlyPlain);
    },
  );
});

it("a server that refuses TLS goes on in plain text on the same stream", async () => {
  await using proxy = await startFaultProxy({ port: plain.port });
  expect(await outcome(plain, { port: proxy.port, sslmode: "prefer" })).toBe("plain");
  expect(proxy.accepted).toBe(1);
});

it("a connection without a cluster of its own is encrypted over TCP and not over a Unix socket", async () => {
  expect(await outcome(tls, {})).toBe("tls");
  expect(await outcome(tls, { host: tls.socketDirectory, sslmode: "verify-full" })).toBe("plain");
});

it("root certificates in the home directory are used by every mode", async () => {
  const homeDirectory = join(home, "trusting");
  const root = join(homeDirectory, ".postgresql", "root.crt");
  mkdirSync(join(homeDirectory, ".postgresql"), { recursive: true });
  copyFileSync(strangerFile, root);
  expect(await outcome(tls, { sslmode: "require" }, { homeDirectory })).toBe(noTrust);
  copyFileSync(tls.caFile ?? "", root);
  expect(await outcome(tls, { sslmode: "verify-full" }, { homeDirectory })).toBe("tls");
});

it("sslrootcert=system trusts public authorities alone and checks the name", async () => {
  expect(await outcome(tls, { sslrootcert: "system" })).toMatch(/UNABLE_TO|SELF_SIGNED/);
  expect(await outcome(tls, { sslrootcert: "system", sslmode: "verify-ca" })).toBe("config");
});

it("direct TLS needs no request, and a mode that demands TLS", async () => {
  await using proxy = await startFaultProxy({ port: tls.port });
  const direct = { port: proxy.port, sslnegotiation: "direct", sslrootcert: tls.caFile ?? "" };
  expect(await outcome(tls, { ...direct, sslmode: "verify-full" })).toMatch(
    tls.version >= 17 ? /^tls$/ : /^(closed|ECONNRESET)$/,
  );
  expect(await outcome(tls, { ...direct, sslmode: "prefer" })).toBe("config");
});

it("sslkeylogfile gets the secrets of the session, readable by its owner alone", async () => {
  const sslkeylogfile = join(home, "keys.log");
  expect(await outcome(tls, { sslmode: "require", sslkeylogfile }, {})).toBe("tls");
  await expect.poll(() => readFileSync(sslkeylogfile, "utf8")).toContain("CLIENT_TRAFFIC_SECRET_0");
  expect(statSync(sslkeylogfile).mode & 0o777).toBe(0o600);
});

it("requireTls never falls back to plain text on the way to another machine", async () => {
  const options = { requireTls: true, stream: elsewhere(plain) };
  expect(await outcome(plain, { host: "db.example", sslmode: "prefer" }, options)).toBe("tls_refused");
  expect(await outcome(plain, { host: "db.example", sslmode: "disable" }, options)).toBe("config");
  expect(await outcome(plain, { sslmode: "prefer" }, { requireTls: true })).toBe("plain");
});

it("a stream of the caller's carries TLS, checked against the name that was asked for", async () => {
  const options = { stream: elsewhere(tls) };
  const config = { sslmode: "verify-full", sslrootcert: tls.caFile ?? "" };
  expect(await outcome(tls, { ...config, host: "localhost" }, options)).toBe("tls");
  expect(await outcome(tls, { ...config, host: "db.example" }, options)).toBe("tls_name_mismatch");
});

it("a client certificate opens what asks for one, and a key that others may read is refused", async () => {
  const { certFile: sslcert, keyFile: sslkey } = await tls.issueClientCertificate("certified");
  const config = { user: "certified", sslmode: "require", sslcert, sslkey };
  expect(await outcome(tls, config)).toBe("tls");
  expect(await outcome(tls, { ...config, sslcertmode: "disable" })).toBe("28000");
  chmodSync(sslkey, 0o644);
  expect(await outcome(tls, config, {})).toBe("config");
  chmodSync(sslkey, 0o600);
});

describe("require_auth", () => {
  it.each([
    ["scram", "scram-sha-256", "tls"],
    ["scram", "password,md5", "require_auth"],
    ["scram", "!scram-sha-256", "require_auth"],
    ["clear", "scram-sha-256", "require_auth"],
    ["clear", "!password", "require_auth"],
    ["clear", "password", "tls"],
    ["md5", "md5", "tls"],
    ["md5", "scram-sha-256", "require_auth"],
    ["postgres", "scram-sha-256", "require_auth"],
    ["postgres", "scram-sha-256,none", "tls"],
    ["postgres", "none", "tls"],
    ["postgres", "!none", "require_auth"],
    ["clear", "none", "require_auth"],
  ])("of user %s by %s comes to %s", async (user, require_auth, expected) => {
    expect(await outcome(tls, { user, require_auth, password: "secret" })).toBe(expected);
  });
});

describe("channel_binding", () => {
  it.each([
    ["scram", "disable", "require", "tls"],
    ["scram", "prefer", "require", "tls"],
    ["scram", "require", "require", "tls"],
    ["scram", "require", "disable", "channel_binding"],
    ["clear", "require", "require", "channel_binding"],
    ["postgres", "require", "require", "channel_binding"],
  ])("of user %s by %s under sslmode=%s comes to %s", async (user, channel_binding, sslmode, expected) => {
    expect(await outcome(tls, { user, channel_binding, sslmode, password: "secret" })).toBe(expected);
  });
});

it("a cancel request travels by TLS where the connection does", async () => {
  await using connection = await connect(tls, { sslmode: "require" });
  const controller = new AbortController();
  const query = connection.query("select pg_sleep(60)", [], { signal: controller.signal });
  const stopped = expect(query).rejects.toThrow("enough");
  await using watcher = await connect(tls, {});
  await expect
    .poll(async () => {
      const { rows } = await watcher.query(
        "select 1 from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'",
        [connection.backendPid],
      );
      return rows.length;
    })
    .toBe(1);
  await tls.setHba(hba);
  controller.abort(new Error("enough"));
  await stopped;
  expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

const oracle = bundledOracle();

it("libpq 18 comes to the same in each of these cases", async ({ skip }) => {
  if (oracle === null) return skip(noBundledOracle);
  const requests = tried.map(({ connect }) => ({ connect, environment: { HOME: home } }));
  const answers = await ask(oracle, requests);
  const differences = tried.flatMap((attempt, index) => {
    const answer = answers[index];
    return (answer?.encryption ?? "error") === attempt.expected ? [] : [{ attempt, answer }];
  });
  expect(tried.length).toBeGreaterThan(60);
  expect(differences).toEqual([]);
});

function elsewhere(server: PostgresServer) {
  return async () => {
    const { connect: open } = await import("node:net");
    return open(server.port, "127.0.0.1");
  };
}
