import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterAll, expect, it } from "vitest";
import { ConnectError } from "../../src/errors.ts";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";

const folder = mkdtempSync(join(tmpdir(), "rockpool-crl-"));
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
afterAll(() => rmSync(folder, { recursive: true }));

it("a certificate that was revoked is refused, by sslcrl and by sslcrldir", async ({ skip }) => {
  skip(!hasOpenssl, "needs the program openssl");
  makeAuthority();
  await using server = await startTlsServer();
  const reason = async (more: Record<string, string>): Promise<string> => {
    const factory = createConnectionFactory(
      {
        host: "127.0.0.1",
        port: server.port,
        user: "u",
        sslmode: "verify-ca",
        sslrootcert: at("ca.crt"),
        ...more,
      },
      { environment: {}, homeDirectory: folder },
    );
    const failure: unknown = await factory.connect().catch((error: unknown) => error);
    return failure instanceof ConnectError ? (failure.attempts[0]?.reason ?? "") : String(failure);
  };
  mkdirSync(at("lists"));
  writeFileSync(at("lists/any-name.crl"), readFileSync(at("ca.crl")));
  expect(await reason({})).toBe("closed");
  expect(await reason({ sslcrl: at("ca.crl") })).toBe("CERT_REVOKED");
  expect(await reason({ sslcrldir: at("lists") })).toBe("CERT_REVOKED");
});

function at(name: string): string {
  return join(folder, name);
}

function openssl(...parameters: string[]): void {
  const { status, stderr } = spawnSync("openssl", parameters, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** An authority, a certificate for a server, and a list that revokes it. */
function makeAuthority(): void {
  writeFileSync(
    at("ca.cnf"),
    "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=2\ncrlnumber=number\n",
  );
  writeFileSync(at("index.txt"), "");
  writeFileSync(at("number"), "01\n");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-days",
    "2",
    "-subj",
    "/CN=authority",
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
  );
  openssl("req", ...key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr");
  openssl(
    "x509",
    "-req",
    "-in",
    "server.csr",
    "-CA",
    "ca.crt",
    "-CAkey",
    "ca.key",
    "-set_serial",
    "7",
    "-days",
    "2",
    "-out",
    "server.crt",
  );
  const authority = ["ca", "-config", "ca.cnf", "-keyfile", "ca.key", "-cert", "ca.crt"];
  openssl(...authority, "-revoke", "server.crt");
  openssl(...authority, "-gencrl", "-out", "ca.crl");
}

/** Agrees to TLS, shakes hands, and closes. */
async function startTlsServer() {
  const listener = createServer((socket) => {
    socket
      .on("error", () => {})
      .once("data", () => {
        socket.write("S");
        const secure = new TLSSocket(socket, {
          isServer: true,
          key: readFileSync(at("server.key")),
          cert: readFileSync(at("server.crt")),
        });
        secure.on("error", () => {}).once("data", () => secure.destroy());
      });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => listener.close(() => resolve())),
  };
}
