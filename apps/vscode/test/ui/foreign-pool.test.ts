import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "@rockpool/editor";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canRunEditor, startWorld, type World } from "./world.ts";

/** What `instrumentation-pg` sent of a program that has two connections and uses one. */
const RECORDING = join(
  import.meta.dirname,
  ...["..", "..", "..", "..", "packages", "otel", "test", "recordings", "instrumentation-pg.json"],
);
const POOL =
  /^Pool 127\.0\.0\.1:\d+\/postgres: 1 of . connections used, 1 idle, 0 waiting, shop-with-instrumentation-pg/;

interface Recording {
  readonly requests: readonly { path: string; contentType: string; body: string }[];
}

let world: World;

async function replay(receiver: string): Promise<number[]> {
  const { requests }: Recording = JSON.parse(readFileSync(RECORDING, "utf8"));
  const answers = [];
  for (const { path, contentType, body } of requests) {
    const headers = { "content-type": contentType };
    const request = { method: "POST", headers, body: Buffer.from(body, "base64") };
    answers.push((await fetch(`http://${receiver}${path}`, request)).status);
  }
  return answers;
}

describe.runIf(canRunEditor)("a pool that another library tells of", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({ files: { "shop.sql": "select 1;\n" }, isConnected: false });
    await runCommand(world.page, "View: Show Rockpool");
  }, 300_000);

  afterAll(() => world?.stop());

  beforeEach(() => world.recordFailure());

  test("appears in the tree with its program and its numbers", async () => {
    await runCommand(world.page, "Rockpool: Watch Your Program's Pools");
    const listening = world.treeItem(/^Your programs, none reports yet/);
    await listening.waitFor();
    const receiver = /127\.0\.0\.1:\d+/.exec((await listening.getAttribute("aria-label")) ?? "")?.[0] ?? "";
    const answers = await replay(receiver);
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    await world.treeItem(POOL).waitFor();
    await world.treeItem(/^Your programs, 1 reporting/).waitFor();
  });

  test("is drawn in the dashboard by its numbers, which says why it has no lanes", async () => {
    await world.treeItem(POOL).hover();
    await world.treeItem(POOL).getByRole("button", { name: "Open Pool Dashboard" }).click();
    const pane = world.panel.getByRole("article", { name: /^Pool 127\.0\.0\.1:\d+\/postgres$/ });
    await pane.getByText("shop-with-instrumentation-pg").waitFor();
    expect(await pane.locator(".numbers .used dd").textContent()).toMatch(/^1( \/ \d+)?$/);
    await pane.getByText("This program reports numbers, but no spans of connections.").waitFor();
    await world.picture("foreign-pool");
  });
});
