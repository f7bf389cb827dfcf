import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { line } from "./support/otlp-line.ts";
import { buildProgram, type ProgramEnd, runProgram } from "./support/programs.ts";

let cli: string;
let folder: string;

beforeAll(async () => {
  cli = await buildProgram("src/cli/main.ts");
  folder = await mkdtemp(join(tmpdir(), "rockpool-cli-"));
});

afterAll(async () => {
  await Promise.all([rm(cli), rm(folder, { recursive: true })]);
});

function run(args: string[], input: string | Buffer = ""): Promise<ProgramEnd> {
  return runProgram([cli, ...args], {}, input).ended();
}

test("lines that are no OTLP are counted and passed over", async () => {
  const file = join(folder, "spans.jsonl");
  await writeFile(file, `nonsense\n${line()}\n{"resourceMetrics":[]}\n[1]\n`);
  const end = await run(["timeline", file]);
  expect(end).toMatchObject({ code: 0, stderr: `${file}: 2 of 4 lines are no OTLP JSON\n` });
  expect(end.stdout).toContain("main#1");
});

test("an input without spans says so", async () => {
  const end = await run(["timeline"], "");
  expect(end).toMatchObject({ code: 0, stderr: "standard input: no spans\n" });
  expect(end.stdout).toContain("No checkout has been seen");
});

test("a file that is not there is named", async () => {
  const end = await run(["timeline", join(folder, "absent.jsonl")]);
  expect(end).toMatchObject({ code: 1, stdout: "" });
  expect(end.stderr).toMatch(/^ENOENT: .*absent\.jsonl/);
  expect(end.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("a folder in place of a file is named as well", async () => {
  const end = await run(["timeline", folder]);
  expect(end).toMatchObject({ code: 1, stdout: "" });
  expect(end.stderr).toMatch(/^\S+: EISDIR: [^\n]+\n$/);
  expect(end.stderr).toContain(folder);
});

test("a request that was spread over many lines is told how to come back to one", async () => {
  const file = join(folder, "pretty.json");
  await writeFile(file, JSON.stringify({ resourceSpans: [] }, null, 2));
  const end = await run(["timeline", file]);
  expect(end.stderr).toContain("3 of 3 lines are no OTLP JSON; `jq -c .` puts each request on a line");
});

test("a file that is no text is not taken for a request over many lines", async () => {
  const file = join(folder, "image.png");
  await writeFile(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0a, 0x1a, 0x0a, 0x00]));
  const end = await run(["timeline", file]);
  expect(end.stderr).toBe(`${file}: 3 of 3 lines are no OTLP JSON\n${file}: no spans\n`);
});

test("a file packed by gzip is read as it is, and so is standard input", async () => {
  const file = join(folder, "spans.jsonl.gz");
  await writeFile(file, gzipSync(`${line()}\n`));
  const packed = await run(["timeline", file]);
  expect(packed).toMatchObject({ code: 0, stderr: "" });
  expect(packed.stdout).toContain("main#1");
  const piped = await run(["timeline", "-"], gzipSync(line("main#2")));
  expect(piped).toMatchObject({ code: 0, stderr: "" });
  expect(piped.stdout).toContain("main#2");
});

test("a packed file that was cut off is named", async () => {
  const file = join(folder, "cut.jsonl.gz");
  await writeFile(file, gzipSync(line()).subarray(0, -12));
  const end = await run(["timeline", file]);
  expect(end).toMatchObject({ code: 1, stdout: "", stderr: `${file}: unexpected end of file\n` });
});

test("every request that got no connection is counted, however many there are", async () => {
  const failed = Array.from({ length: 600 }, (_, index) =>
    JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "0af7651916cd43dd8448eb211c80319c",
                  spanId: (index + 1).toString(16).padStart(16, "0"),
                  name: "pool.checkout",
                  startTimeUnixNano: "1790000000000000000",
                  endTimeUnixNano: "1790000001000000000",
                  status: { code: 2 },
                },
              ],
            },
          ],
        },
      ],
    }),
  );
  const end = await run(["timeline"], failed.join("\n"));
  expect(end.stdout).toContain("600 without a connection");
});
