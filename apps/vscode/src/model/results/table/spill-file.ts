import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const NAME = /^rows-(\d+)-[0-9a-f]+$/;
const CIPHER = "aes-256-gcm";
const TAG_LENGTH = 16;

/** Where a piece lies in the file. */
export interface SpilledPiece {
  readonly position: number;
  readonly length: number;
  readonly number: number;
}

/**
 * Rows that do not fit the memory, in a file that nobody else can read.
 *
 * The file's name is gone as soon as it is open, where the system allows that, so that it ends with this process. What it holds is
 * encrypted by a key that exists in this process alone: what a crash leaves on the disk is noise.
 */
export class SpillFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #key = randomBytes(32);
  readonly #busy = new Set<Promise<unknown>>();
  #end = 0;
  #count = 0;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Makes a file in a folder, which is made too where it is missing; files of processes that are gone are removed. */
  static async create(folder: string): Promise<SpillFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await sweep(folder);
    const path = join(folder, `rows-${process.pid}-${randomBytes(8).toString("hex")}`);
    const handle = await open(path, "wx+", 0o600);
    await rm(path, { force: true }).catch(() => {});
    return new SpillFile(handle, path);
  }

  async write(plain: Buffer): Promise<SpilledPiece> {
    const number = this.#count++;
    const cipher = createCipheriv(CIPHER, this.#key, nonce(number));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const piece = { position: this.#end, length: sealed.length, number };
    this.#end += sealed.length;
    await this.#follow(writeFully(this.#handle, sealed, piece.position));
    return piece;
  }

  async read({ position, length, number }: SpilledPiece): Promise<Buffer> {
    const sealed = Buffer.allocUnsafeSlow(length);
    await this.#follow(readFully(this.#handle, sealed, position));
    const decipher = createDecipheriv(CIPHER, this.#key, nonce(number));
    decipher.setAuthTag(sealed.subarray(length - TAG_LENGTH));
    const plain = decipher.update(sealed.subarray(0, length - TAG_LENGTH));
    decipher.final();
    return plain;
  }

  /** Ends the file when nothing reads or writes it any more. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#busy);
    await this.#handle.close();
    await rm(this.#path, { force: true }).catch(() => {});
  }

  async #follow<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work);
    try {
      return await work;
    } finally {
      this.#busy.delete(work);
    }
  }
}

/** The key is new with each file, so the number of a piece is a nonce that is never used twice. */
function nonce(number: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(number, 6, 6);
  return bytes;
}

async function writeFully(handle: FileHandle, data: Buffer, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    done += (await handle.write(data, done, data.length - done, position + done)).bytesWritten;
  }
}

async function readFully(handle: FileHandle, target: Buffer, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new Error("the file with the rows is shorter than what was written to it");
    done += bytesRead;
  }
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(NAME.exec(name)?.[1] ?? process.pid);
    if (pid !== process.pid && !isAlive(pid)) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, "code") === "EPERM";
  }
}
