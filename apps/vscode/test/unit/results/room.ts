import { RowSpace } from "../../../src/model/results/table/row-space.ts";

/** Room in memory alone, as much as is wanted. */
export function room(memoryBytes = 1_000_000_000): RowSpace {
  return new RowSpace(() => ({ memoryBytes, diskBytes: 0 }), null);
}
