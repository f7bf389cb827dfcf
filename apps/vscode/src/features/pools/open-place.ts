import { Position, Selection, Uri, window, workspace } from "vscode";
import type { PlaceView } from "../../../shared/protocol/pool.ts";
import { openSource } from "../../vscode/open-source.ts";

/** Opens a line of an editor's document, which is named by its URI, or of the source that a program named by its path. */
export async function openPlace(place: PlaceView): Promise<void> {
  const editor = workspace.textDocuments.find(({ uri }) => uri.toString() === place.path);
  if (editor === undefined && !place.path.startsWith("file:")) {
    await openSource(place);
    return;
  }
  const document = editor ?? (await workspace.openTextDocument(Uri.parse(place.path)));
  const at = document.validatePosition(new Position(place.line - 1, 0));
  await window.showTextDocument(document, { selection: new Selection(at, at) });
}
