// Makes test/recordings anew: the OTLP requests that instrumentations of other authors send, with no code of ours on the way.
// Needs the npm registry, and the build of @rockpool/postgres: `node scripts/record-foreign.mjs`.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@rockpool/postgres";

const SCRIPTS = fileURLToPath(new URL("foreign", import.meta.url));
const RECORDINGS = fileURLToPath(new URL("../test/recordings", import.meta.url));
const SDK = {
  "@opentelemetry/api": "1.9.1",
  "@opentelemetry/sdk-node": "0.223.0",
  "@opentelemetry/sdk-metrics": "2.12.0",
  "@opentelemetry/sdk-trace-base": "2.12.0",
  "@opentelemetry/exporter-metrics-otlp-proto": "0.223.0",
  "@opentelemetry/exporter-trace-otlp-proto": "0.223.0",
};
const MYSQL = { mysql: "2.18.1", mysql2: "3.14.0" };

/** Each program, and the packages that it runs with besides the SDK. */
const PROGRAMS = {
  "instrumentation-pg": {
    program: "instrumentation-pg.cjs",
    database: "postgres",
    packages: { pg: "8.23.1", "@opentelemetry/instrumentation-pg": "0.76.0" },
  },
  "instrumentation-mysql": {
    program: "instrumentation-mysql.cjs",
    database: "mysql",
    packages: { ...MYSQL, "@opentelemetry/instrumentation-mysql": "0.68.0" },
  },
  "instrumentation-mysql-deprecated": {
    program: "instrumentation-mysql.cjs",
    database: "mysql",
    packages: { ...MYSQL, "@opentelemetry/instrumentation-mysql": "0.50.0" },
  },
};

/** Runs one program in a folder of its own, and keeps what it sends. */
async function record(name, { program, database, packages }) {
  const folder = mkdtempSync(join(tmpdir(), "rockpool-foreign-"));
  try {
    cpSync(SCRIPTS, folder, { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name, private: true, dependencies: { ...SDK, ...packages } }),
    );
    const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: "inherit",
    });
    if (installed.status !== 0) throw new Error("npm install failed");
    const server = database === "postgres" ? await startPostgres() : await startMysql(folder);
    try {
      return await listen((url) => run(folder, [program], environment(name, { url, port: server.port })));
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The resource names no machine: neither its folders nor its host. */
function environment(name, { url, port }) {
  return {
    PATH: process.env.PATH,
    DB_HOST: "127.0.0.1",
    DB_PORT: String(port),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_NODE_RESOURCE_DETECTORS: "env",
    OTEL_RESOURCE_ATTRIBUTES: "service.instance.id=recorded",
    OTEL_SERVICE_NAME: `shop-with-${name}`,
  };
}

async function listen(work) {
  const requests = [];
  const receiver = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { "content-type": contentType, "content-encoding": contentEncoding = null } = request.headers;
    const body = Buffer.concat(chunks).toString("base64");
    if (request.url !== "/v1/logs") requests.push({ path: request.url, contentType, contentEncoding, body });
    response.writeHead(200, { "content-type": contentType }).end();
  });
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  try {
    await work(`http://127.0.0.1:${receiver.address().port}`);
  } finally {
    receiver.close();
  }
  return requests;
}

async function run(folder, args, env) {
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`);
}

async function startMysql(folder) {
  const child = spawn(process.execPath, ["mysql-server.cjs"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  return { port: Number(line), stop: async () => void child.kill() };
}

for (const [name, recipe] of Object.entries(PROGRAMS)) {
  const requests = await record(name, recipe);
  if (requests.length === 0) throw new Error(`${name} sent nothing`);
  mkdirSync(RECORDINGS, { recursive: true });
  const file = join(RECORDINGS, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ packages: { ...recipe.packages, ...SDK }, requests }, null, 2)}\n`);
  console.log(`${file}: ${requests.length} requests`);
}
