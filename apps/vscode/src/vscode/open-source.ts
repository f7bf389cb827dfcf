import { basename, dirname } from "node:path";
import { l10n, Position, Selection, Uri, window, workspace } from "vscode";
import { originalPlace, type SourcePlace, sourceMapOf } from "../model/source/original-place.ts";

const MOST_CANDIDATES = 50;

/** Opens a line of a program's source: what was written, where a source map leads there. */
export async function openSource(place: SourcePlace): Promise<void> {
  const found = (await writtenSource(place)) ?? place;
  const uri = (await existing(found.path)) ?? (await inWorkspace(found.path));
  if (uri === null) {
    void window.showWarningMessage(l10n.t("{0} is not where the extension runs.", place.path));
    return;
  }
  const document = await workspace.openTextDocument(uri);
  const at = document.validatePosition(new Position(found.line - 1, 0));
  await window.showTextDocument(document, { selection: new Selection(at, at) });
}

async function writtenSource(place: SourcePlace): Promise<SourcePlace | null> {
  const code = await textOf(place.path);
  const map = code === null ? null : sourceMapOf(place.path, code);
  if (map === null) return null;
  const text = "text" in map ? map.text : await textOf(map.path);
  if (text === null) return null;
  const folder = dirname("text" in map ? place.path : map.path);
  const written = originalPlace(place, { text, folder });
  return written !== null && (await existing(written.path)) !== null ? written : null;
}

async function textOf(path: string): Promise<string | null> {
  const uri = await existing(path);
  return uri === null ? null : new TextDecoder().decode(await workspace.fs.readFile(uri));
}

async function existing(path: string): Promise<Uri | null> {
  const uri = Uri.file(path);
  try {
    await workspace.fs.stat(uri);
    return uri;
  } catch {
    return null;
  }
}

/** A program in a container names its files by the paths there: the workspace's file that ends most like it is meant. */
async function inWorkspace(path: string): Promise<Uri | null> {
  const found = await workspace.findFiles(`**/${basename(path)}`, "**/node_modules/**", MOST_CANDIDATES);
  const ranked = found.map((uri) => ({ uri, likeness: commonEnd(uri.path, path) }));
  return ranked.sort((a, b) => b.likeness - a.likeness)[0]?.uri ?? null;
}

function commonEnd(a: string, b: string): number {
  const [left, right] = [a, b].map((path) => path.split(/[\\/]/).reverse());
  const differs = left?.findIndex((part, at) => part !== right?.[at]) ?? 0;
  return differs < 0 ? (left?.length ?? 0) : differs;
}
