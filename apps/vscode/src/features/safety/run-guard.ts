import { l10n, window } from "vscode";
import type { NewStatement } from "../../model/results/result-store.ts";
import { liftsReadOnly } from "../../model/safety/read-only-lift.ts";
import { type ReviewedWrite, reviewWrites } from "../../model/safety/write-review.ts";
import { isAllowedHere } from "../../vscode/trust.ts";
import type { OpenConnection } from "../connections/open-connections.ts";

/** Decides whether a run may begin; asks the user where that is theirs to decide. */
export type RunGuard = (statements: readonly NewStatement[], connection: OpenConnection) => Promise<boolean>;

const SHOWN_WRITES = 8;

/**
 * Lets a run begin: not in Restricted Mode, not to lift the read-only state of a profile, and to write on production only
 * once the user has said so.
 */
export const guardRun: RunGuard = async (statements, connection) => {
  if (!isAllowedHere()) return false;
  const { profile } = connection;
  if (profile.isReadOnly) return !refusesLift(statements, profile.name);
  if (profile.environment !== "production") return true;
  const numbered = statements.map(({ text, origin }) => ({ text, line: origin.line }));
  const writes = await reviewWrites(numbered, (names) => lookUp(connection, names));
  return writes.length === 0 || (await confirmWrites(writes, connection));
};

/**
 * Lets a query be run a second time for its rows. Where it calls what may write, the user is asked, on any server: nobody expects
 * an export to change something.
 */
export async function guardRerun(statement: NewStatement, connection: OpenConnection): Promise<boolean> {
  if (!isAllowedHere()) return false;
  const { profile } = connection;
  if (profile.isReadOnly) return !refusesLift([statement], profile.name);
  const { text, origin } = statement;
  const writes = await reviewWrites([{ text, line: origin.line }], (names) => lookUp(connection, names));
  if (writes.length === 0) return true;
  const message = l10n.t("Exporting runs this query a second time, with all that it does.");
  const again = l10n.t("Run Again");
  return confirmed(message, again, { writes, connection });
}

/** Null where the server does not answer in time: then nobody knows, and the user is asked. */
async function lookUp(
  { database }: OpenConnection,
  names: readonly string[],
): Promise<readonly string[] | null> {
  try {
    return await database.writingFunctions(names, new AbortController().signal);
  } catch {
    return null;
  }
}

function refusesLift(statements: readonly NewStatement[], name: string): boolean {
  if (!statements.some(({ text }) => liftsReadOnly(text))) return false;
  const message = l10n.t(
    "{0} is a read-only connection, and this would make its session writable. Edit the connection to write.",
    name,
  );
  void window.showErrorMessage(message);
  return true;
}

function confirmWrites(writes: readonly ReviewedWrite[], connection: OpenConnection): Promise<boolean> {
  const { profile } = connection;
  const verbs = [...new Set(writes.map(({ verb }) => verb))].join(", ");
  const place = `production/${profile.name}`;
  const message =
    writes.length === 1
      ? l10n.t("{0} on {1}: 1 statement", verbs, place)
      : l10n.t("{0} on {1}: {2} statements", verbs, place, writes.length);
  return confirmed(message, l10n.t("Run on Production"), { writes, connection });
}

async function confirmed(
  message: string,
  yes: string,
  { writes, connection }: { writes: readonly ReviewedWrite[]; connection: OpenConnection },
): Promise<boolean> {
  const lines = writes.slice(0, SHOWN_WRITES).map(describe);
  const rest = writes.length - lines.length;
  if (rest > 0) lines.push(l10n.t("and {0} more", rest));
  const { profile, database } = connection;
  const target = profile.environment === "production" ? `production/${database.target}` : database.target;
  const detail = [target, ...lines].join("\n");
  return (await window.showWarningMessage(message, { modal: true, detail }, yes)) === yes;
}

function describe({ verb, target, line, isOnEveryRow, isGuess }: ReviewedWrite): string {
  const what = target === null ? verb : `${verb} ${target}`;
  const place = l10n.t("{0} (line {1})", what, line);
  if (isOnEveryRow) return l10n.t("{0}: every row, since it has no WHERE", place);
  if (isGuess) return l10n.t("{0}: could not be looked up, and may write", place);
  return verb === "CALL" && target?.endsWith("()") ? l10n.t("{0}: may write", place) : place;
}
