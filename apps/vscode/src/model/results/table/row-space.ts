import { SpillFile } from "./spill-file.ts";

/** How much room the rows of all results have together, in bytes. */
export interface RowLimits {
  readonly memoryBytes: number;
  /** 0 where rows may not be written to the disk. */
  readonly diskBytes: number;
}

export type RowPlace = "memory" | "disk";

/** The room that the rows of all results share: memory first, then the disk. */
export class RowSpace {
  readonly #limits: () => RowLimits;
  readonly #folder: string | null;
  #memory = 0;
  #disk = 0;

  /** @param folder - where files are made; null where there is none, and then nothing is written. */
  constructor(limits: () => RowLimits, folder: string | null) {
    this.#limits = limits;
    this.#folder = folder;
  }

  get used(): Readonly<Record<RowPlace, number>> {
    return { memory: this.#memory, disk: this.#disk };
  }

  /** Finds room for a page and books it; null where there is none. A page that must be kept gets room in any case. */
  take(bytes: number, need: "must" | "may"): RowPlace | null {
    const { memoryBytes, diskBytes } = this.#limits();
    if (need === "must" || this.#memory + bytes <= memoryBytes) {
      this.#memory += bytes;
      return "memory";
    }
    if (this.#folder === null || this.#disk + bytes > diskBytes) return null;
    this.#disk += bytes;
    return "disk";
  }

  giveBack(place: RowPlace, bytes: number): void {
    if (place === "memory") this.#memory -= bytes;
    else this.#disk -= bytes;
  }

  openFile(): Promise<SpillFile> {
    if (this.#folder === null) throw new Error("bug: no folder for rows");
    return SpillFile.create(this.#folder);
  }
}
