import { l10n, window, workspace } from "vscode";
import { expandEnvironment, takePassword } from "../../model/connections/connection-text.ts";
import type { ExplainedSetting } from "../../model/database.ts";
import { describeFailure } from "../../model/failure.ts";
import type { Profile } from "./profiles.ts";

function table(settings: readonly ExplainedSetting[]): string {
  const escaped = (text: string) => text.replaceAll("|", "\\|").replaceAll("`", "\\`");
  const rows = settings.map(
    ({ keyword, value, source }) => `| \`${escaped(keyword)}\` | ${escaped(value)} | ${escaped(source)} |`,
  );
  return ["| Keyword | Value | Comes from |", "| --- | --- | --- |", ...rows].join("\n");
}

/** Shows every connection setting that has a value and where it came from, in a document of its own. */
export async function explainConnection(profile: Profile): Promise<void> {
  try {
    const { explainSettings } = await import("../../database/open-database.ts");
    const { text } = expandEnvironment(profile.connection, process.env);
    const isUntrusted = profile.source === "workspace";
    const settings = explainSettings({ connection: takePassword(text).connection, isUntrusted });
    const content = `# ${profile.name}\n\n${l10n.t("What a connection uses, and why.")}\n\n${table(settings)}\n`;
    const document = await workspace.openTextDocument({ language: "markdown", content });
    await window.showTextDocument(document, { preview: true });
  } catch (error) {
    void window.showErrorMessage(`${profile.name}: ${describeFailure(error).message}`);
  }
}
