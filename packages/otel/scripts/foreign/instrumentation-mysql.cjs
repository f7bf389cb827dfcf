// Two connections of a mysql pool, one of them held, with the instrumentation of its own authors: none of our code.
const { MySQLInstrumentation } = require("@opentelemetry/instrumentation-mysql");
const { start } = require("./sdk.cjs");

const sdk = start([new MySQLInstrumentation()]);
const mysql = require("mysql");

async function main() {
  const pool = mysql.createPool({
    host: process.env.DB_HOST,
    port: Number(process.env.DB_PORT),
    user: "shop",
    database: "shop",
    connectionLimit: 2,
  });
  const take = () =>
    new Promise((resolve, reject) =>
      pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
    );
  const [held, free] = [await take(), await take()];
  free.release();
  await sdk.flush();
  held.release();
  await sdk.flush();
  await new Promise((resolve) => pool.end(() => resolve()));
  await sdk.shutdown();
}

main();
