// Installs the editor where it is missing, and prints where it is.
import { EditorError } from "./editor-error.ts";
import { ensureEditor } from "./ensure-editor.ts";

try {
  const { folder } = await ensureEditor({ onProgress: (line) => console.error(line) });
  console.log(folder);
} catch (error) {
  if (!(error instanceof EditorError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
