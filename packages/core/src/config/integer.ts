/** Reads an integer as libpq does: decimal, a sign and blanks around it allowed; null where it is not one of 32 bits. */
export function integerOf(text: string): number | null {
  if (!/^[ \t\n\v\f\r]*[+-]?[0-9]+[ \t\n\v\f\r]*$/.test(text)) return null;
  const value = Number(text);
  return value >= -2_147_483_648 && value <= 2_147_483_647 ? value : null;
}
