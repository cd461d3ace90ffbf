/** A cell that begins so is a formula to a spreadsheet, which may then send data elsewhere. A plain number is none. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One value of a CSV file. What a spreadsheet would run as a formula gets an apostrophe in front, and is text. */
export function csvCell(value: string): string {
  const text = (FORMULA.test(value) && !NUMBER.test(value)) || /^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of a CSV file (RFC 4180). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
