import { type EditorServer, startEditor } from "@rockpool/editor";
import type { LaunchOptions } from "./launch-options.ts";
import { makeWorkspace } from "./workspace.ts";

/** The editor of a launch, with a workspace of its own. */
export interface Workbench extends AsyncDisposable {
  readonly url: string;
}

export interface WorkbenchOptions {
  readonly databaseUrl: string;
  /** Where the playground reports its pool; null where it reports nowhere that the editor could see. */
  readonly receiverPort: number | null;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

const CONNECTION = "shop";

/**
 * Starts VS Code with the extension, connected to the sample database.
 *
 * @throws {EditorError} there is no editor for this platform, or it does not start.
 */
export async function startWorkbench(
  { vsix, editorPort }: Pick<LaunchOptions, "vsix" | "editorPort">,
  { databaseUrl, receiverPort, onProgress, signal }: WorkbenchOptions,
): Promise<Workbench> {
  const workspace = await makeWorkspace();
  try {
    const editor = await startEditor({
      vsix: vsix === null ? [] : [vsix],
      folder: workspace.folder,
      port: editorPort,
      isTest: false,
      env: { DATABASE_URL: databaseUrl },
      settings: workbenchSettings(receiverPort),
      commands: [
        "rockpool.pools.focus",
        "rockpool.dashboard.focus",
        "workbench.action.focusActiveEditorGroup",
      ],
      onProgress,
      signal,
    });
    return workbench(editor, workspace);
  } catch (error) {
    await workspace[Symbol.asyncDispose]();
    throw error;
  }
}

function workbench(editor: EditorServer, workspace: { welcomeFile: string } & AsyncDisposable): Workbench {
  return {
    url: editor.url({ file: workspace.welcomeFile }),
    [Symbol.asyncDispose]: async () => {
      await editor.stop();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

/** The address comes by an environment variable, so no password of a user's database lies in a file. */
export function workbenchSettings(receiverPort: number | null): Record<string, unknown> {
  return {
    "rockpool.connections": [{ name: CONNECTION, connection: "$" + "{env:DATABASE_URL}" }],
    "rockpool.autoConnect": CONNECTION,
    "rockpool.receiver.enabled": receiverPort !== null,
    "rockpool.receiver.port": receiverPort ?? 0,
    "workbench.colorTheme": "Default Dark Modern",
  };
}
