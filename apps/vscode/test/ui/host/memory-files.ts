import { EventEmitter, FileSystemError, type FileSystemProvider, FileType, type Uri } from "vscode";

/** Files of a workspace that lie on no disk, as in a virtual workspace: one folder without folders. */
export class MemoryFiles implements FileSystemProvider {
  readonly #files = new Map<string, Uint8Array>();
  readonly onDidChangeFile = new EventEmitter<never>().event;
  /** Whether the next file is refused. */
  isFull = false;

  text(name: string): string | null {
    const content = this.#files.get(`/${name}`);
    return content === undefined ? null : Buffer.from(content).toString("utf8");
  }

  watch() {
    return { dispose: () => {} };
  }

  stat({ path }: Uri) {
    if (path === "/") return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: FileType.File, ctime: 0, mtime: 0, size: this.readFile({ path }).length };
  }

  readDirectory(): [string, FileType][] {
    return [...this.#files.keys()].map((path) => [path.slice(1), FileType.File]);
  }

  readFile({ path }: Pick<Uri, "path">): Uint8Array {
    const content = this.#files.get(path);
    if (content === undefined) throw FileSystemError.FileNotFound(path);
    return content;
  }

  writeFile({ path }: Uri, content: Uint8Array): void {
    if (this.isFull) throw FileSystemError.NoPermissions(path);
    this.#files.set(path, content);
  }

  createDirectory(): void {}

  delete({ path }: Uri): void {
    this.#files.delete(path);
  }

  rename(from: Uri, to: Uri): void {
    this.#files.set(to.path, this.readFile(from));
    this.#files.delete(from.path);
  }
}
