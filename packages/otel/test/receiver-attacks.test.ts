import { connect, createServer, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OtlpReceiver } from "../src/receiver/index.ts";

const JSON_TYPE = "application/json";
const TRACE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", name: "x" };

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.start({ port: 0, maxBodyBytes: 1_000_000, requestTimeoutMillis: 200 });
});

afterEach(() => receiver.close());

/** What the server answers to bytes, until it ends the connection. */
function talk(bytes: string | Buffer, options: { host?: string; isEnded?: boolean } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port: receiver.port, host: options.host ?? "127.0.0.1" });
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      answer += text;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve(answer) : reject(error),
    );
    socket.write(bytes);
    if (options.isEnded === true) socket.end();
  });
}

function post(headers: Record<string, string>, body: string | Buffer = "{}"): string | Buffer {
  const lines = Object.entries({ "content-length": String(Buffer.byteLength(body)), ...headers });
  const head = [
    "POST /v1/traces HTTP/1.1",
    ...lines.map(([name, value]) => `${name}: ${value}`),
    "connection: close",
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), Buffer.from(body)]);
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

describe("who is no program of this machine", () => {
  test("cannot connect by another address of this machine", async () => {
    const outer = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    for (const host of ["127.0.0.2", ...(outer === undefined ? [] : [outer.address])])
      await expect(talk(post({}), { host }), host).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:80",
    "localhost@evil.example",
    "0.0.0.0",
    "[::1].evil.example",
    "[fe80::1]",
    "128.0.0.1",
    "",
  ])("a page whose name leads here, Host %j, is refused", async (host) => {
    const answer = await talk(post({ host, "content-type": JSON_TYPE }), { isEnded: true });
    expect(statusOf(answer)).toBe(403);
  });

  test.each(["localhost", "LOCALHOST:1", "127.0.0.1:4318", "127.9.9.9", "[::1]", "[::1]:4318"])(
    "a program that names this machine, Host %j, is heard",
    async (host) => {
      expect(statusOf(await talk(post({ host, "content-type": JSON_TYPE })))).toBe(200);
    },
  );

  test.each(["http://localhost:3000", "https://evil.example", "null"])(
    "a page of the origin %s is refused, and its preflight too",
    async (origin) => {
      const headers = { host: "localhost", "content-type": JSON_TYPE, origin };
      expect(statusOf(await talk(post(headers)))).toBe(403);
      const preflight = `OPTIONS /v1/traces HTTP/1.1\r\nhost: localhost\r\norigin: ${origin}\r\naccess-control-request-method: POST\r\nconnection: close\r\n\r\n`;
      const answer = await talk(preflight);
      expect(statusOf(answer)).toBe(403);
      expect(answer.toLowerCase()).not.toContain("access-control-allow-origin");
    },
  );

  test("a form of a page, which may send without asking, has a type that is refused", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      expect(statusOf(await talk(post({ host: "localhost", "content-type": type })))).toBe(415);
    }
  });

  test("::1 is served where the machine has it", async () => {
    const bytes = post({ host: `[::1]:${receiver.port}`, "content-type": JSON_TYPE });
    const answer = await talk(bytes, { host: "::1" }).catch(() => null);
    expect(answer === null ? null : statusOf(answer)).toBe((await hasIpv6()) ? 200 : null);
  });
});

function hasIpv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(0, "::1", () => probe.close(() => resolve(true)));
  });
}

describe("a body that is meant to do harm", () => {
  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
  ] as const)("a %s bomb is refused before it is unpacked", async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(400_000_000));
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const headers = { host: "localhost", "content-type": JSON_TYPE, "content-encoding": encoding };
    expect(statusOf(await talk(post(headers, bomb)))).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect(receiver.stats().pendingBytes).toBe(0);
  });

  test("deflate is read as programs write it", async () => {
    const body = deflateSync(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [TRACE] }] }] }));
    const headers = { host: "localhost", "content-type": JSON_TYPE, "content-encoding": "deflate" };
    expect(statusOf(await talk(post(headers, body)))).toBe(200);
    expect(receiver.spans()).toHaveLength(1);
  });

  test.each([
    ["arrays", "[", "]"],
    ["objects", '{"resourceSpans":[', "]}"],
    ["values", '{"arrayValue":{"values":[', "]}}"],
  ])("JSON of nested %s is refused, however deep", async (_, open, close) => {
    const depth = Math.floor(900_000 / (open.length + close.length));
    const body = open.repeat(depth) + close.repeat(depth);
    const answer = await talk(post({ host: "localhost", "content-type": JSON_TYPE }, body));
    expect(statusOf(answer)).toBe(400);
    expect(statusOf(await talk(post({ host: "localhost", "content-type": JSON_TYPE })))).toBe(200);
  });

  test("a length that is too large is refused before a byte of the body has come", async () => {
    const headers = { host: "localhost", "content-type": JSON_TYPE, "content-length": "99999999999" };
    expect(statusOf(await talk(post(headers, "{")))).toBe(413);
  });

  test.each([
    ["two lengths", "content-length: 2\r\ncontent-length: 3\r\n"],
    ["a length and chunks", "content-length: 2\r\ntransfer-encoding: chunked\r\n"],
    ["a header without end", `x: ${"y".repeat(40_000)}\r\n`],
  ])("a request with %s is no HTTP that is answered with success", async (_, lines) => {
    const answer = await talk(`POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n${lines}\r\n{}`);
    expect([400, 431]).toContain(statusOf(answer));
  });
});

// Half of what Node.js itself would let pass before it looks.
describe("a sender that takes its time", { timeout: 15_000 }, () => {
  test("is cut off when its head does not come", async () => {
    expect(statusOf(await talk("POST /v1/traces HTTP/1.1\r\nhost: loc"))).toBe(408);
  });

  test("is cut off when its body does not come", async () => {
    const headers = { host: "localhost", "content-type": JSON_TYPE, "content-length": "100" };
    const answer = await talk(post(headers, "{"));
    expect([0, 408]).toContain(statusOf(answer));
    expect(receiver.stats()).toMatchObject({ spans: 0, pendingBytes: 0 });
  });

  test("does not keep others from being heard", async () => {
    const slow = Array.from({ length: 60 }, () =>
      talk("POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: "),
    );
    expect(statusOf(await talk(post({ host: "localhost", "content-type": JSON_TYPE })))).toBe(200);
    await Promise.all(slow);
  });
});

test("connections beyond the limit are dropped, and room is made when others end", async () => {
  const sockets: Socket[] = [];
  const open = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ port: receiver.port, host: "127.0.0.1" });
      sockets.push(socket);
      socket.once("error", () => resolve(false));
      socket.once("close", () => resolve(false));
      socket.once("connect", () => socket.write("POST /v1/logs HTTP/1.1\r\n", () => resolve(true)));
    });
  const isDropped = (socket: Socket): Promise<void> =>
    new Promise((resolve) => (socket.destroyed ? resolve() : socket.once("close", () => resolve())));
  await Promise.all(Array.from({ length: 256 }, open));
  await open();
  const last = sockets.at(-1);
  if (last !== undefined) await isDropped(last);
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(async () => statusOf(await talk(post({ host: "localhost", "content-type": JSON_TYPE }))))
    .toBe(200);
});
