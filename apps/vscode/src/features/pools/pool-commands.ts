import { commands, type Disposable, l10n, window } from "vscode";
import type { Database } from "../../model/database.ts";
import { formatDuration } from "../../model/duration.ts";
import type { PoolRoot } from "../../model/pool/pool-nodes.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { ownDatabase } from "./slot-target.ts";

const MESSAGE_MILLIS = 6_000;
const MOST_CONNECTIONS = 100;
const PING_MILLIS = 10_000;

function say(text: string): void {
  window.setStatusBarMessage(`$(database) ${text}`, MESSAGE_MILLIS);
}

/** The pool of the row, or the one that the user chooses. */
async function poolOf(services: Services, argument: PoolRoot | undefined): Promise<Database | null> {
  const given = ownDatabase(services, argument);
  if (given !== null || argument !== undefined) return given;
  const open = services.connections.all.map(({ database }) => database);
  if (open.length < 2) return open[0] ?? null;
  const items = open.map((database) => ({ label: database.name, description: database.target, database }));
  return (await window.showQuickPick(items, { title: l10n.t("Pool") }))?.database ?? null;
}

/** The reason why a text is no number of connections; null where it is one. */
function refuseSize(text: string): string | null {
  const size = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (size >= 1 && size <= MOST_CONNECTIONS) return null;
  return l10n.t("A whole number from 1 to {0}", String(MOST_CONNECTIONS));
}

async function resize(database: Database): Promise<void> {
  const { max } = database.numbers();
  const answer = await window.showInputBox({
    title: l10n.t("Resize {0}", database.name),
    prompt: l10n.t(
      "The most connections of this pool until it is disconnected. Those above close when they come back; none in use is touched.",
    ),
    value: String(max),
    validateInput: refuseSize,
  });
  if (answer === undefined) return;
  database.resize(Number(answer));
  say(l10n.t("{0} opens at most {1} connections", database.name, answer.trim()));
}

async function drain(database: Database): Promise<void> {
  const { idle, acquired } = database.numbers();
  await database.evictAll();
  say(
    l10n.t(
      "{0} is drained: {1} closed, {2} in use close when they come back",
      database.name,
      String(idle),
      String(acquired),
    ),
  );
}

async function evictIdle(database: Database): Promise<void> {
  const { idle } = database.numbers();
  database.evictIdle();
  say(l10n.t("{0}: {1} closed that lay idle", database.name, String(idle)));
}

async function ping(database: Database): Promise<void> {
  try {
    const { waitMillis, serverMillis } = await database.ping(AbortSignal.timeout(PING_MILLIS));
    const [server, wait] = [formatDuration(serverMillis), formatDuration(waitMillis)];
    say(l10n.t("{0} answers in {1}, after {2} in the pool", database.name, server, wait));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(l10n.t("{0} does not answer: {1}", database.name, reason));
  }
}

/** What can be done with a pool of the extension's own. */
export function registerPoolCommands(services: Services): Disposable {
  const on = (verb: (database: Database) => Promise<void>) => async (argument?: PoolRoot) => {
    const database = await poolOf(services, argument);
    if (database !== null) await verb(database);
  };
  const disposables = new Disposables();
  disposables.addAll(
    commands.registerCommand("rockpool.pool.resize", on(resize)),
    commands.registerCommand("rockpool.pool.drain", on(drain)),
    commands.registerCommand("rockpool.pool.evictIdle", on(evictIdle)),
    commands.registerCommand("rockpool.pool.ping", on(ping)),
  );
  return disposables;
}
