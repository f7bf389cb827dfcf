import {
  commands,
  type Disposable,
  l10n,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from "vscode";
import { expandEnvironment, takePassword } from "../../model/connections/connection-text.ts";
import { isSupplied, type Profile } from "../../model/connections/profile.ts";
import type { ExplainedSetting } from "../../model/database.ts";
import { describeFailure } from "../../model/failure.ts";
import { escapeMarkdown } from "../../vscode/markdown.ts";

const SCHEME = "rockpool-settings";

function table(settings: readonly ExplainedSetting[]): string {
  const rows = settings.map(
    ({ keyword, value, source }) =>
      `| ${escapeMarkdown(keyword)} | ${escapeMarkdown(value)} | ${escapeMarkdown(source)} |`,
  );
  const head = `| ${[l10n.t("Keyword"), l10n.t("Value"), l10n.t("Comes from")].join(" | ")} |`;
  return [head, "| :-- | :-- | :-- |", ...rows].join("\n");
}

/** Shows what a connection uses and why, in a read-only document that nobody is asked to save. */
export class ConnectionExplainer implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration = workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  async show(profile: Profile): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${profile.name}.md` });
    try {
      this.#texts.set(uri.path, await describe(profile));
      await commands.executeCommand("markdown.showPreview", uri);
    } catch (error) {
      void window.showErrorMessage(`${profile.name}: ${describeFailure(error).message}`);
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

async function describe(profile: Profile): Promise<string> {
  const { explainSettings } = await import("../../database/open-database.ts");
  const { text } = expandEnvironment(profile.connection, process.env);
  const isUntrusted = isSupplied(profile);
  const settings = explainSettings({ connection: takePassword(text).connection, isUntrusted });
  const title = `# ${escapeMarkdown(profile.name)}`;
  return [title, l10n.t("What a connection uses, and why."), table(settings), ""].join("\n\n");
}
