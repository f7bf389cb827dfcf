import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { MockOtlpServer } from "@elastic/mockotlpserver";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { installNode, Project, packPackage } from "../src/project.ts";

const run = promisify(execFile);
const compilers = ["5.9.3", "6.0.3", "7.0.2"];
let scratch: string;
let core: string;
let otel: string;
let server: PostgresServer;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "rockpool-pack-"));
  core = await packPackage("packages/core", join(scratch, "core"));
  otel = await packPackage("packages/otel", join(scratch, "otel"));
  server = await startPostgres();
});

afterAll(async () => {
  await server?.stop();
  await rm(scratch, { recursive: true, force: true });
});

// npm, and compilers that read every declaration of the SDK, take their time on a small machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.each(["core", "otel"])("the packed %s", (name) => {
  const tarball = (): string => (name === "core" ? core : otel);

  it("is clean for publint", async () => {
    const content = await readFile(tarball());
    const packed = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
    const { messages } = await publint({ pack: { tarball: packed }, strict: true });
    expect(messages).toEqual([]);
  });

  it("resolves to the right types from ESM", async () => {
    const { stdout } = await run("npx", ["attw", tarball(), "--profile", "esm-only", "--format", "json"]);
    const { analysis }: { analysis: { types: unknown; entrypoints: Record<string, unknown> } } =
      JSON.parse(stdout);
    expect(analysis.types).toMatchObject({ kind: "included" });
    expect(Object.keys(analysis.entrypoints)).toContain(".");
  });
});

describe.each([
  { line: "the Node of this run", version: null, compilers },
  // What a compiler finds does not depend on the Node under it: one is enough to have something to run.
  { line: "Node 24", version: "24.21.0", compilers: compilers.slice(-1) },
])("a project outside the workspace on $line", ({ version, compilers }) => {
  let project: Project;

  beforeAll(async () => {
    const node = version === null ? process.execPath : await installNode(version, join(scratch, "node"));
    project = await Project.create({
      node,
      tarballs: [core, otel],
      packages: [
        "@types/node",
        ...compilers.map((compiler) => `typescript-${compiler}@npm:typescript@${compiler}`),
      ],
    });
  });

  afterAll(() => project?.remove());

  it.each(compilers)("typechecks under TypeScript %s, strict, without skipLibCheck", async (compiler) => {
    await project.node([`node_modules/typescript-${compiler}/bin/tsc`, "-p", "tsconfig.json"]);
  });

  it.each(["root", "core"])("runs the first example of the %s README", async (readme) => {
    const output = await project.node([`out/readme-${readme}-1.js`], { DATABASE_URL: server.url });
    expect(output).toContain("42");
  });

  it("drives a pool by the clock that the core README shows", async () => {
    const output = await project.node(["out/readme-core-3.js"], { DATABASE_URL: server.url });
    expect(output.trim()).toBe("true false");
  });

  it("runs a query whose checkout and query spans arrive over OTLP", async () => {
    const names = await receivedSpanNames(async (endpoint) => {
      const output = await project.node(["out/program.js"], {
        DATABASE_URL: server.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      });
      expect(output).toContain("sum=42");
    });
    expect(names).toContain("pool.checkout");
    expect(names).toContain("select");
    expect(names).toContain("CONNECT postgres");
  });
});

/** The names of the spans that a real OTLP/HTTP receiver got while `act` ran. */
async function receivedSpanNames(act: (endpoint: string) => Promise<void>): Promise<string[]> {
  const names: string[] = [];
  const receiver = new MockOtlpServer({
    services: ["http"],
    httpHostname: "127.0.0.1",
    httpPort: 0,
    onTrace: ({ resourceSpans }) => {
      const scopes = resourceSpans.flatMap((resource) => resource.scopeSpans);
      names.push(...scopes.flatMap((scope) => scope.spans.map((span) => span.name)));
    },
  });
  await receiver.start();
  try {
    await act(String(receiver.httpUrl));
  } finally {
    await receiver.close();
  }
  return names;
}
