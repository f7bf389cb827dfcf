import { request } from "node:http";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OtlpReceiver } from "../src/receiver/index.ts";

const JSON_HEADERS = { "content-type": "application/json" };
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.start({
    port: 0,
    maxBodyBytes: 10_000,
    maxPendingBytes: 10_000,
    maxPendingRequests: 2,
  });
});

afterEach(async () => {
  await receiver.close();
});

interface Answer {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

function send(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = JSON_HEADERS,
  method = "POST",
) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(`${receiver.url}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function traces(...spans: object[]): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

test.each([
  ["another path", "/v1/profiles", {}, "POST", 404],
  ["a GET", "/v1/traces", {}, "GET", 405],
  ["another content type", "/v1/traces", { "content-type": "text/plain" }, "POST", 415],
  ["no content type", "/v1/traces", { "content-type": "" }, "POST", 415],
  ["an unknown packing", "/v1/traces", { "content-encoding": "br" }, "POST", 415],
  ["a name that was rebound to this address", "/v1/traces", { host: "evil.example:4318" }, "POST", 403],
  ["a name that only begins like ours", "/v1/traces", { host: "localhost.evil.example" }, "POST", 403],
  ["a web page", "/v1/traces", { origin: "http://localhost:3000" }, "POST", 403],
  ["a body that is not gzip", "/v1/traces", { "content-encoding": "gzip" }, "POST", 400],
] as const)("%s is refused", async (_, path, headers, method, status) => {
  const answer = await send(path, method === "GET" ? "" : "{}", { ...JSON_HEADERS, ...headers }, method);
  expect(answer.status).toBe(status);
  expect(receiver.stats()).toMatchObject({ accepted: 0, refused: 1, pendingBytes: 0 });
});

test("logs are accepted and dropped", async () => {
  expect(await send("/v1/logs", '{"resourceLogs":[]}')).toMatchObject({ status: 200, body: "{}" });
});

test("a body above the limit is refused, before and after unpacking", async () => {
  const large = traces({ traceId: TRACE_ID, spanId: SPAN_ID, name: "x".repeat(20_000) });
  expect((await send("/v1/traces", large)).status).toBe(413);
  expect((await send("/v1/traces", large, { ...JSON_HEADERS, "transfer-encoding": "chunked" })).status).toBe(
    413,
  );
  const packed = gzipSync(large);
  expect(packed.length).toBeLessThan(1_000);
  const answer = await send("/v1/traces", packed, { ...JSON_HEADERS, "content-encoding": "gzip" });
  expect(answer).toMatchObject({ status: 413, body: expect.stringContaining("10000 bytes") });
  expect(receiver.stats()).toMatchObject({ spans: 0, pendingBytes: 0 });
});

test("spans without valid ids are rejected, and the answer counts them", async () => {
  const answer = await send(
    "/v1/traces",
    traces(
      { traceId: TRACE_ID, spanId: SPAN_ID, name: "good" },
      { traceId: "00".repeat(16), spanId: SPAN_ID, name: "zero" },
      { traceId: TRACE_ID, spanId: "ab", name: "short" },
    ),
  );
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({
    partialSuccess: { rejectedSpans: "2", errorMessage: "spans need a trace id and a span id" },
  });
  expect(receiver.spans().map((span) => span.name)).toEqual(["good"]);
});

test("names where OTLP asks for numbers, and fields that nobody knows, are read all the same", async () => {
  const span = {
    traceId: TRACE_ID.toUpperCase(),
    spanId: SPAN_ID,
    kind: "SPAN_KIND_SERVER",
    status: { code: "STATUS_CODE_OK" },
    new: 1,
  };
  expect((await send("/v1/traces", traces(span))).status).toBe(200);
  expect(receiver.spans()).toMatchObject([{ traceId: TRACE_ID, kind: "server", status: "ok" }]);
});

test("a sender beyond the limit of requests in progress is asked to come back", async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = 0;
  const bothArrived = new Promise<void>((resolve) => {
    receiver.onSpans(async () => {
      arrived += 1;
      if (arrived === 2) resolve();
      await held;
    });
  });
  const body = traces({ traceId: TRACE_ID, spanId: SPAN_ID });
  const first = [send("/v1/traces", body), send("/v1/traces", body)];
  await bothArrived;
  const refused = await send("/v1/traces", body);
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  release();
  expect((await Promise.all(first)).map((answer) => answer.status)).toEqual([200, 200]);
  expect((await send("/v1/traces", body)).status).toBe(200);
});

test("requests that hold too much memory together are asked to come back", async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    receiver.onSpans(async () => {
      resolve();
      await held;
    });
  });
  const body = traces({ traceId: TRACE_ID, spanId: SPAN_ID, name: "x".repeat(6_000) });
  const first = send("/v1/traces", body);
  await arrived;
  expect(await send("/v1/traces", body)).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
  release();
  expect((await first).status).toBe(200);
  expect(receiver.stats().pendingBytes).toBe(0);
});

test("no body makes the receiver answer anything but success or a refusal", async () => {
  const deep = `${'{"resourceSpans":'.repeat(500)}1${"}".repeat(500)}`;
  for (const body of [
    "",
    "null",
    "[]",
    "1",
    '"text"',
    "{",
    deep,
    '{"resourceSpans":1}',
    traces({ traceId: "zz" }),
  ]) {
    expect([200, 400]).toContain((await send("/v1/traces", body)).status);
  }
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom("/v1/traces", "/v1/metrics"),
      fc.constantFrom("application/x-protobuf", "application/json"),
      async (bytes, path, type) => {
        const answer = await send(path, Buffer.from(bytes), { "content-type": type });
        expect([200, 400]).toContain(answer.status);
      },
    ),
    { numRuns: 200 },
  );
  expect(receiver.stats().pendingBytes).toBe(0);
});

test("a deeply nested attribute is refused without harm", async () => {
  let value: Buffer = Buffer.from([0x0a, 0x01, 0x78]);
  for (let depth = 0; depth < 2_000 && value.length < 9_000; depth += 1) {
    const list = lengthDelimited(1, value);
    value = lengthDelimited(5, list);
  }
  const attribute = Buffer.concat([lengthDelimited(1, Buffer.from("k")), lengthDelimited(2, value)]);
  const body = lengthDelimited(1, lengthDelimited(1, lengthDelimited(1, attribute)));
  const answer = await send("/v1/traces", body, { "content-type": "application/x-protobuf" });
  expect([200, 400]).toContain(answer.status);
  expect((await send("/v1/traces", "{}")).status).toBe(200);
});

function lengthDelimited(field: number, content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), content]);
}

test("a port in use gets an error that says so and what to do", async () => {
  await expect(OtlpReceiver.start({ port: receiver.port })).rejects.toMatchObject({
    code: "RECEIVER_PORT_IN_USE",
    message: expect.stringMatching(/^127\.0\.0\.1:\d+ is in use: .*another port/),
  });
});

test("what is not a loopback address is no host", async () => {
  const host: string = "0.0.0.0";
  // @ts-expect-error the type refuses it as well
  await expect(OtlpReceiver.start({ port: 0, host })).rejects.toThrow(RangeError);
});

test("an option that there is not is refused by its name, and one that is undefined is absent", async () => {
  const starting = Promise.resolve().then(() =>
    Reflect.apply(OtlpReceiver.start, OtlpReceiver, [{ prot: 0 }]),
  );
  await expect(starting).rejects.toThrow(
    /^prot is not an option of a receiver; the options are port, host, /,
  );
  await using other = await Reflect.apply(OtlpReceiver.start, OtlpReceiver, [
    { port: 0, maxSpans: undefined },
  ]);
  expect(other.port).toBeGreaterThan(0);
});

test("after close the port is free again", async () => {
  const { port } = receiver;
  await receiver.close();
  await using next = await OtlpReceiver.start({ port });
  expect(next.port).toBe(port);
});
