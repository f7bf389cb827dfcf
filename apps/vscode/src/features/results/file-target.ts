import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { l10n, Uri, workspace } from "vscode";
import { localPath } from "../../vscode/local-path.ts";

/**
 * A file that is there whole or not at all.
 *
 * It is written beside its place and renamed at the end. In a workspace without files of this machine it is written to the extension's
 * storage and copied at the end, since such places take no stream.
 */
export class FileTarget {
  readonly #uri: Uri;
  readonly #path: string;
  readonly #handle: FileHandle;
  #bytes = 0;

  private constructor(uri: Uri, path: string, handle: FileHandle) {
    this.#uri = uri;
    this.#path = path;
    this.#handle = handle;
  }

  static async create(uri: Uri, storage: Uri): Promise<FileTarget> {
    const own = localPath(uri);
    const folder = own === null ? localPath(storage) : dirname(own);
    if (folder === null)
      throw new Error(l10n.t("There is no place on this machine to write the file to first."));
    if (own === null) await mkdir(folder, { recursive: true });
    const path = join(folder, `.${basename(uri.path)}.${randomBytes(4).toString("hex")}.part`);
    return new FileTarget(uri, path, await open(path, "wx"));
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(text: string): Promise<void> {
    if (text === "") return;
    const data = Buffer.from(text);
    await this.#handle.appendFile(data);
    this.#bytes += data.length;
  }

  async commit(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    const own = localPath(this.#uri);
    if (own !== null) await rename(this.#path, own);
    else {
      await workspace.fs.copy(Uri.file(this.#path), this.#uri, { overwrite: true });
      await rm(this.#path, { force: true });
    }
  }

  /** Leaves nothing behind; harmless after `commit`. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#path, { force: true });
  }
}
