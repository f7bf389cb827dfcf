import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readCommandTag } from "../../src/connection/operations/command-tag.ts";
import { factsOf } from "../../src/connection/statements/statement-facts.ts";
import { FrameReader } from "../../src/connection/wire/frame-reader.ts";
import { MessageWriter } from "../../src/connection/wire/message-writer.ts";

interface Message {
  readonly code: number;
  readonly body: Buffer;
}

const message = fc
  .tuple(fc.integer({ min: 0x30, max: 0x7a }), fc.uint8Array({ maxLength: 40 }))
  .map(([code, bytes]): Message => ({ code, body: Buffer.from(bytes) }));

function encode({ code, body }: Message): Buffer {
  const header = Buffer.alloc(5);
  header[0] = code;
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

function readAll(chunks: readonly Buffer[]): Message[] {
  const seen: Message[] = [];
  const reader = new FrameReader((code, buffer, start, end) => {
    seen.push({ code, body: Buffer.from(buffer.subarray(start, end)) });
  });
  for (const chunk of chunks) reader.read(chunk);
  return seen;
}

describe("the reader", () => {
  it("finds the same messages, however the network cuts them", () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 30 })),
        (messages, sizes) => {
          const bytes = Buffer.concat(messages.map(encode));
          const chunks: Buffer[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % Math.max(1, sizes.length)] ?? bytes.length;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(readAll(chunks)).toEqual(messages);
        },
      ),
    );
  });

  it("refuses a length that no message has", () => {
    expect(() => readAll([Buffer.from([0x44, 0, 0, 0, 3])])).toThrow(RangeError);
    expect(() => readAll([Buffer.from([0x44, 0xff, 0xff, 0xff, 0xff])])).toThrow(RangeError);
  });

  it("hands out nothing once it was stopped, not even from the same chunk", () => {
    let seen = 0;
    const reader = new FrameReader(() => {
      seen += 1;
      reader.stop();
    });
    reader.read(
      Buffer.concat(
        [
          { code: 0x5a, body: Buffer.alloc(1) },
          { code: 0x5a, body: Buffer.alloc(1) },
        ].map(encode),
      ),
    );
    expect(seen).toBe(1);
  });
});

describe("the writer", () => {
  it("writes messages that the reader finds again, whatever their sizes", () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 8 }), { maxLength: 20 }), (binds) => {
        const writer = new MessageWriter();
        const taken: Buffer[] = [];
        for (const values of binds) {
          writer.bind(
            "",
            "name",
            values.map((item) => (item instanceof Uint8Array ? Buffer.from(item) : item)),
          );
          if (values.length % 3 === 0) taken.push(writer.take() ?? Buffer.alloc(0));
        }
        taken.push(writer.take() ?? Buffer.alloc(0));
        expect(readAll(taken).map(({ body }) => readBind(body))).toEqual(
          binds.map((values) => values.map(asText)),
        );
      }),
    );
  });

  it("never touches bytes again that were taken", () => {
    const writer = new MessageWriter();
    writer.query("first");
    const first = writer.take();
    const before = first?.toString("hex");
    for (let i = 0; i < 5_000; i++) writer.query("another one that is longer");
    writer.take();
    expect(first?.toString("hex")).toBe(before);
  });
});

/** The values of a Bind, as text. */
function readBind(body: Buffer): (string | null)[] {
  let at = "\0name\0".length;
  const count = body.readUInt16BE(at);
  at += 4 + count * 2;
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at);
    at += 4 + Math.max(0, length);
    return length === -1 ? null : body.toString("latin1", at - length, at);
  });
}

function asText(value: string | Uint8Array | null): string | null {
  return value === null ? null : Buffer.from(value).toString("latin1");
}

describe("a command's tag", () => {
  it.each([
    ["SELECT 5", "SELECT", 5],
    ["SELECT 1234567890", "SELECT", 1234567890],
    ["INSERT 0 3", "INSERT", 3],
    ["INSERT 0 0", "INSERT", 0],
    ["UPDATE 10", "UPDATE", 10],
    ["DELETE 0", "DELETE", 0],
    ["MERGE 2", "MERGE", 2],
    ["COPY 100", "COPY", 100],
    ["CREATE TABLE", "CREATE TABLE", null],
    ["CREATE TABLE AS", "CREATE TABLE AS", null],
    ["BEGIN", "BEGIN", null],
  ])("%s is %s with the count %s", (tag, command, rowCount) => {
    const buffer = Buffer.from(`..${tag}\0`);
    expect(readCommandTag(buffer, 2, buffer.length - 1)).toEqual({ command, rowCount });
  });
});

describe("the reading of SQL", () => {
  it("never fails and always ends, whatever the text", () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      "$$",
      "$a$",
      "/*",
      "*/",
      "--",
      "\n",
      "e'",
      "\\",
      ";",
      "(",
      ")",
      "set",
      "x",
      " ",
      "begin",
      "atomic",
      "1",
      "u&'",
      "set_config(",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(factsOf(pieces.join("")).statements.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each([
    ["select ';', \";\", $$;$$, $a$ $$ ; $a$, E'\\';' -- ;\n /* ; /* ; */ ; */", 1],
    ["select 1;;; select 2;", 2],
    ["create rule r as on insert to t do also (select 1; select 2)", 1],
    [
      "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
      2,
    ],
    ["begin; select 1; end", 3],
    ["", 0],
    ["-- nothing", 0],
  ])("counts the statements of %j", (text, count) => {
    expect(factsOf(text).statements).toHaveLength(count);
  });

  it.each([
    ["select 1", true],
    ["(select 1)", true],
    ["with x as (select 1) insert into t select * from x", true],
    ["update t set a = 1", true],
    ["select currval('s')", false],
    ["select pg_advisory_xact_lock(1)", false],
    ["select set_config('a', 'b', false)", false],
    ["select * from pg_temp.t", false],
    ["select 1; select 2", false],
    ["begin", false],
    ["create table t (id int)", false],
    ["copy t from stdin", false],
    ["call p()", false],
    ["fetch 1 from c", false],
  ])("says of %j whether it may run between the statements of others", (text, isIndependent) => {
    expect(factsOf(text).isIndependent).toBe(isIndependent);
  });

  it("refuses what is no text, or holds the character that ends texts", () => {
    expect(() => factsOf("select 1\0; drop table t")).toThrow(/U\+0000/);
  });
});

describe("a process that makes no functions out of text", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it("decodes the same rows", async () => {
    vi.resetModules();
    vi.stubGlobal("Function", () => {
      throw new EvalError("code generation from strings disallowed");
    });
    const { RowDecoder } = await import("../../src/connection/rows/row-decoder.ts");
    const { compileRow } = await import("../../src/connection/rows/row-compiler.ts");
    const plan = {
      names: ["a", "__proto__", "a"],
      readers: [{ kind: "integer" }, { kind: "text" }, { kind: "boolean" }],
      mode: "object",
    } as const;
    expect(compileRow(plan)).toBeNull();
    const cells = Buffer.from([0, 0, 0, 1, 0x37, 0, 0, 0, 2, 0xc3, 0xbc, 0xff, 0xff, 0xff, 0xff]);
    const decoder = new RowDecoder<object>(plan);
    for (let i = 0; i < 60; i++) {
      const row = decoder.decode(cells, 0);
      expect(Object.entries(row)).toEqual([
        ["a", null],
        ["__proto__", "ü"],
      ]);
      expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    }
  });
});
