import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EditorServer } from "./editor-server.ts";
import { ensureEditor } from "./ensure-editor.ts";
import { claimPort } from "./free-port.ts";
import { guardFolder } from "./guard.ts";
import { type EditorKit, KIT_FOLDER } from "./kit.ts";
import { runEditorCommand, spawnEditor } from "./run-editor.ts";
import { QUIET_SETTINGS, RESTRICTED_SETTINGS } from "./settings.ts";

export interface StartEditorOptions {
  /** Packaged extensions to install. */
  readonly vsix?: readonly string[];
  /** The user's settings, over quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment variables of the server, and so of the extensions and the terminal. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder or the `.code-workspace` file that the workbench opens. Default: an empty folder. */
  readonly folder?: string;
  /** Commands to run once the workbench has opened, in order. */
  readonly commands?: readonly string[];
  /** Default: a free one. */
  readonly port?: number;
  /** Whether a test drives it: opens the workbench's door for tests, and ends it when nobody has used it for long. Default: true. */
  readonly isTest?: boolean;
  /** False for a workbench that opens the folder in Restricted Mode. Default: true. */
  readonly isTrusted?: boolean;
  /** Called with a line for a person at each step that can take long. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

const IDLE_SECONDS = 900;
/** How long the extensions of a page that is gone wait for it: what they hold, ports among it, the next page may want. */
const ORPHANED_SECONDS = 5;

/**
 * Starts a VS Code workbench server on 127.0.0.1 and resolves when it answers; installs it first where it is missing.
 *
 * Everything that it writes is in a temporary folder. The server and that folder end with this process, however it ends.
 *
 * @throws {EditorError} where there is none for the platform, the port is in use, or it does not start.
 */
export async function startEditor(options: StartEditorOptions = {}): Promise<EditorServer> {
  const { signal, onProgress = () => {}, port: wantedPort = 0 } = options;
  const kit = await ensureEditor({ onProgress, ...(signal !== undefined && { signal }) });
  signal?.throwIfAborted();
  const port = await claimPort(wantedPort);
  // A short path: the server makes Unix sockets below it, whose names have 108 characters at most.
  const home = mkdtempSync(join(tmpdir(), "rpe-"));
  const server = new EditorServer({ kit, home, port, folder: options.folder, release: guardFolder(home) });
  try {
    await prepare(server, kit, options);
    await launch(server, kit, options);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepare(server: EditorServer, kit: EditorKit, options: StartEditorOptions): Promise<void> {
  const { home } = server;
  const { vsix = [], commands = [], isTrusted = true } = options;
  const settings = { ...(isTrusted ? {} : RESTRICTED_SETTINGS), ...options.settings };
  for (const folder of ["t", "workspace"]) mkdirSync(join(home, folder), { recursive: true });
  writeSettings(join(home, "user", "User"), { ...QUIET_SETTINGS, ...settings });
  // A server is a remote machine to the workbench: settings of the scope `machine` count only from here.
  writeSettings(join(home, "user", "Machine"), settings);
  // Before the first installation: then the server lists what lies in the folder, and later only what it has installed.
  if (commands.length > 0)
    cpSync(join(KIT_FOLDER, "companion"), join(home, "ext", "rockpool.companion-1.0.0"), { recursive: true });
  for (const file of vsix)
    await runEditorCommand(kit, server, { ...options, args: ["--install-extension", file] });
}

function writeSettings(folder: string, settings: Readonly<Record<string, unknown>>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings, null, 2));
}

async function launch(server: EditorServer, kit: EditorKit, options: StartEditorOptions): Promise<void> {
  const { isTest = true, isTrusted = true } = options;
  const args = [
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${server.port}`],
    ...["--disable-telemetry", "--disable-update-check"],
    ...(isTrusted ? ["--disable-workspace-trust"] : []),
    ...["--disable-getting-started-override", "--disable-proxy"],
    ...["--vscode-option", "disable-experiments"],
    // Without this option the workbench silently ignores a payload that names tests.
    ...[
      "--vscode-option",
      isTest ? "enable-smoke-test-driver" : `reconnection-grace-time=${ORPHANED_SECONDS}`,
    ],
    ...(isTest ? ["--idle-timeout-seconds", String(IDLE_SECONDS)] : []),
  ];
  const env = { ...options.env, ROCKPOOL_EDITOR_COMMANDS: JSON.stringify(options.commands ?? []) };
  server.attach(spawnEditor(kit, server, { env, args }));
  await server.waitUntilHealthy(options.signal);
}
