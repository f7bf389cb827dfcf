import type { Slices } from "../slices.ts";
import type { PackedPage } from "../table/packed-page.ts";
import type { RowTable } from "../table/row-table.ts";
import { cellNumber, FoundCells } from "./found-cells.ts";
import { folded } from "./row-filter.ts";

/** More matches are not told apart; who meets so many looks for something else. */
const MAX_MATCHES = 1_000_000;

/** Looks through all columns of the rows shown; letters of either case are the same. */
export async function findCells(
  { table, order }: { table: RowTable; order: Uint32Array | null },
  needle: string,
  slices: Slices,
): Promise<FoundCells> {
  const places = order === null ? null : placesOf(order, table.rowCount);
  const wanted = folded(needle);
  const found: number[] = [];
  for await (const { page, firstRow } of table.pages()) {
    for (let column = 0; column < table.columnCount; column++) {
      for (const index of matching(page, { column, columnCount: table.columnCount, wanted })) {
        const place = places === null ? firstRow + index : (places[firstRow + index] ?? 0) - 1;
        if (place >= 0) found.push(cellNumber(place, column));
      }
    }
    await slices.breathe();
    if (found.length >= MAX_MATCHES) break;
  }
  const cells = Float64Array.from(found.slice(0, MAX_MATCHES)).sort();
  return new FoundCells(needle, { cells, isCut: found.length >= MAX_MATCHES });
}

/** The rows of a page whose value in a column holds the text. */
function matching(
  page: PackedPage,
  { column, columnCount, wanted }: { column: number; columnCount: number; wanted: string },
): number[] {
  if (!folded(page.columnText(column, columnCount)).includes(wanted)) return [];
  const rows: number[] = [];
  page.values(column, 0, page.rowCount).forEach((value, index) => {
    if (value !== null && folded(value).includes(wanted)) rows.push(index);
  });
  return rows;
}

/** Where each row is shown, from 1; 0 where it is not. */
function placesOf(order: Uint32Array, rowCount: number): Uint32Array {
  const places = new Uint32Array(rowCount);
  order.forEach((row, place) => {
    places[row] = place + 1;
  });
  return places;
}
