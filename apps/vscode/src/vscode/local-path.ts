import type { Uri } from "vscode";

/** The path of a file on this machine; null where the URI names something else, as in a virtual workspace. */
export function localPath(uri: Uri): string | null {
  return uri.scheme === "file" ? uri.fsPath : null;
}
