import type { Memento, Uri } from "vscode";
import type { SessionMode } from "../../model/session/session-request.ts";
import { sessionMode } from "../../vscode/settings.ts";

const BINDINGS_KEY = "rockpool.editorBindings";
const MODES_KEY = "rockpool.editorModes";

type ByEditor = Readonly<Record<string, string>>;

const MODES: readonly string[] = ["auto", "pinned", "pooled"] satisfies readonly SessionMode[];

function isMode(value: string | undefined): value is SessionMode {
  return value !== undefined && MODES.includes(value);
}

/** What was chosen for each editor and is remembered with the workspace: its connection, and how its session behaves. */
export class EditorBindings {
  readonly #state: Memento;

  constructor(workspaceState: Memento) {
    this.#state = workspaceState;
  }

  /** The name of the editor's connection; an empty string where it wants none, null where nothing was chosen. */
  connectionOf(uri: Uri): string | null {
    return this.#read(BINDINGS_KEY)[uri.toString()] ?? null;
  }

  /** The URIs of the editors that want no connection. */
  get unbound(): readonly string[] {
    return Object.entries(this.#read(BINDINGS_KEY))
      .filter(([, name]) => name === "")
      .map(([uri]) => uri);
  }

  async bind(uri: Uri, name: string): Promise<void> {
    await this.#write(BINDINGS_KEY, uri.toString(), name);
  }

  /** The mode chosen for the editor, or that of the settings. */
  modeOf(uri: Uri): SessionMode {
    const chosen = this.#read(MODES_KEY)[uri.toString()];
    return isMode(chosen) ? chosen : sessionMode(uri);
  }

  async setMode(uri: Uri, mode: SessionMode): Promise<void> {
    await this.#write(MODES_KEY, uri.toString(), mode);
  }

  /** What was chosen for one editor holds for another from now on. */
  async move(from: Uri, to: Uri): Promise<void> {
    for (const key of [BINDINGS_KEY, MODES_KEY]) {
      const { [from.toString()]: value, ...rest } = this.#read(key);
      if (value !== undefined) await this.#state.update(key, { ...rest, [to.toString()]: value });
    }
  }

  #read(key: string): ByEditor {
    return this.#state.get<ByEditor>(key, {});
  }

  async #write(key: string, editor: string, value: string): Promise<void> {
    await this.#state.update(key, { ...this.#read(key), [editor]: value });
  }
}
