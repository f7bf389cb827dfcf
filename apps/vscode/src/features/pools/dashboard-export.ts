import { l10n, Uri, window, workspace } from "vscode";
import type { PoolViewMessage } from "../../../shared/protocol/pool.ts";
import { type ExportedPool, exportHtml, exportJson } from "../../model/pool/pool-export.ts";
import type { PoolHistories } from "../../model/pool/pool-histories.ts";
import type { PoolSources } from "../../model/pool/pool-source.ts";

type ExportMessage = Extract<PoolViewMessage, { type: "export" }>;

/** Asks where to, and writes what a dashboard shows of its pools. */
export async function exportPools(
  { sources, histories }: { sources: PoolSources; histories: PoolHistories },
  { pools: keys, format, from, to }: ExportMessage,
): Promise<void> {
  const pools = sources.all
    .flatMap((source) => sources.poolsOf(source).map((pool): ExportedPool => ({ pool, source })))
    .filter(({ pool }) => keys.includes(pool.key));
  const [first] = pools;
  if (first === undefined) return;
  const name = pools.length === 1 ? first.pool.name : l10n.t("{0} pools", String(pools.length));
  const target = await window.showSaveDialog({
    title: l10n.t("Export {0}", name),
    defaultUri: Uri.joinPath(folder(), `${fileName(pools)}.${format}`),
    filters: format === "json" ? { JSON: ["json"] } : { HTML: ["html"] },
  });
  if (target === undefined) return;
  const request = { title: name, pools, from, to };
  const text = format === "json" ? exportJson(request, histories) : exportHtml(request);
  await workspace.fs.writeFile(target, Buffer.from(text));
  const open = l10n.t("Open");
  if ((await window.showInformationMessage(l10n.t("Exported {0}.", name), open)) !== open) return;
  await window.showTextDocument(target);
}

function folder(): Uri {
  return workspace.workspaceFolders?.[0]?.uri ?? Uri.file(".");
}

/** A pool's name may be an address; what no file name can hold becomes a dash. */
function fileName([first, ...more]: readonly ExportedPool[]): string {
  return more.length > 0 ? "pools" : `${(first?.pool.name ?? "").replace(/[^\w.-]+/g, "-")}-pool`;
}
