/** Spreadsheets run such a cell as a formula, which may send data elsewhere. Plain numbers are safe. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One value of a CSV file. An apostrophe in front turns a formula into text. */
export function csvCell(value: string): string {
  const text = (FORMULA.test(value) && !NUMBER.test(value)) || /^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of a CSV file (RFC 4180). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
