export function exportStrings(): Record<string, string>;
