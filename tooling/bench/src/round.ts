import type { BenchCase, Contestant, SliceReport } from "./bench-case.ts";
import { cases } from "./cases/index.ts";

/** Every contestant once, beginning with another one each time, so that none always comes first. */
async function runSlice(contestants: readonly Contestant[], slice: number): Promise<SliceReport> {
  const first = slice % contestants.length;
  const results: { contestant: string; figures: Awaited<ReturnType<Contestant["run"]>> }[] = [];
  for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
    // A full one would count as age against the code of those who are not at turn, and throw some of it away.
    globalThis.gc?.({ type: "minor" });
    results.push({ contestant: contestant.name, figures: await contestant.run() });
  }
  return { results };
}

async function runRound(
  bench: BenchCase,
  round: number,
  surroundings: { databaseUrl: string; scale: number },
): Promise<SliceReport[]> {
  const contestants = await bench.setUp(surroundings);
  const slices: SliceReport[] = [];
  const count = surroundings.scale < 1 ? 1 : bench.slices;
  for (let slice = 0; slice < count; slice += 1) slices.push(await runSlice(contestants, round + slice));
  for (const contestant of contestants) await contestant.close();
  return slices;
}

const [name = "", round = "0", databaseUrl = "", scale = "1"] = process.argv.slice(2);
const chosen = cases.find((candidate) => candidate.name === name);
if (chosen === undefined) throw new Error(`there is no case ${name}`);
const reports = await runRound(chosen, Number(round), { databaseUrl, scale: Number(scale) });
process.stdout.write(JSON.stringify(reports), () => process.exit(0));
