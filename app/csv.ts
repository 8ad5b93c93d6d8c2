/** CSV a spreadsheet can open without running anything. */

/**
 * One line, RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe in front; plain numbers stay numbers,
 * negative ones included.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  const raw = String(value);
  const isNumber = /^-?\d+(\.\d+)?$/.test(raw);
  const safe = !isNumber && /^[\s]*[=+\-@\t\r]/.test(raw) ? `'${raw}` : raw;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
