import { l10n, Uri, window, workspace } from "vscode";
import type { PoolViewMessage } from "../../../shared/protocol/pool.ts";
import { exportHtml, exportJson } from "../../model/pool/pool-export.ts";
import type { PoolHistories } from "../../model/pool/pool-histories.ts";
import type { PoolSources } from "../../model/pool/pool-source.ts";

type ExportMessage = Extract<PoolViewMessage, { type: "export" }>;

/** Asks where to, and writes what a dashboard shows of a pool. */
export async function exportPool(
  { sources, histories }: { sources: PoolSources; histories: PoolHistories },
  { pool: key, format, from, to }: ExportMessage,
): Promise<void> {
  const source = sources.all.find((candidate) => candidate.pools().some((pool) => pool.key === key));
  const pool = sources.pools.find((candidate) => candidate.key === key);
  if (source === undefined || pool === undefined) return;
  const target = await window.showSaveDialog({
    title: l10n.t("Export Pool"),
    defaultUri: Uri.joinPath(folder(), `${fileName(pool.name)}-pool.${format}`),
    filters: format === "json" ? { JSON: ["json"] } : { HTML: ["html"] },
  });
  if (target === undefined) return;
  const request = { pool, source, from, to };
  const text = format === "json" ? exportJson(request, histories) : exportHtml(request);
  await workspace.fs.writeFile(target, Buffer.from(text));
  const open = l10n.t("Open");
  if ((await window.showInformationMessage(l10n.t("Exported {0}.", pool.name), open)) !== open) return;
  await window.showTextDocument(target);
}

function folder(): Uri {
  return workspace.workspaceFolders?.[0]?.uri ?? Uri.file(".");
}

/** A pool's name may be an address; what no file name can hold becomes a dash. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, "-");
}
