import { exclusive } from "../peers/clients.ts";
import { serveTurns } from "../remote.ts";
import { readRows } from "../row-work.ts";

const [databaseUrl = "", text = "", count = "1", repeats = "1"] = process.argv.slice(2);
const client = exclusive(databaseUrl);
const work = { text, count: Number(count), repeats: Number(repeats) };
await readRows(client, work);
serveTurns(
  () => readRows(client, work),
  () => client.close(),
);
