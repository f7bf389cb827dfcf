// Two callers on a pool of one, with pg.Pool and the instrumentation of its own authors: none of our code.
const { PgInstrumentation } = require("@opentelemetry/instrumentation-pg");
const { start } = require("./sdk.cjs");

const sdk = start([new PgInstrumentation()]);
const { Pool } = require("pg");

async function main() {
  const pool = new Pool({
    host: process.env.DB_HOST,
    port: Number(process.env.DB_PORT),
    user: "postgres",
    database: "postgres",
    max: 2,
  });
  const held = await pool.connect();
  await held.query("select count(*) from pg_class where relkind = $1", ["r"]);
  await pool.query("select 1 as one");
  await sdk.flush();
  held.release();
  await sdk.flush();
  await pool.end();
  await sdk.shutdown();
}

main();
