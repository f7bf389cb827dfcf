import type { Contestant, RoundReport, Surroundings } from "./bench-case.ts";
import { cases } from "./cases/index.ts";

/** Each contestant once, in an order that moves on by one from round to round, so that none always comes first. */
async function runRound(name: string, round: number, surroundings: Surroundings): Promise<RoundReport> {
  const chosen = cases.find((candidate) => candidate.name === name);
  if (chosen === undefined) throw new Error(`there is no case ${name}`);
  const contestants = await chosen.setUp(surroundings);
  const results: { contestant: string; figures: Awaited<ReturnType<Contestant["run"]>> }[] = [];
  for (let turn = 0; turn < contestants.length; turn += 1) {
    const contestant = contestants[(turn + round) % contestants.length];
    if (contestant === undefined) continue;
    globalThis.gc?.();
    results.push({ contestant: contestant.name, figures: await contestant.run() });
  }
  for (const contestant of contestants) await contestant.close();
  return { case: name, results };
}

const [name = "", round = "0", databaseUrl = "", scale = "1"] = process.argv.slice(2);
const report = await runRound(name, Number(round), { databaseUrl, scale: Number(scale) });
process.stdout.write(JSON.stringify(report), () => process.exit(0));
