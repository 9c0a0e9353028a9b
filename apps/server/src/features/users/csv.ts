/** One row of CSV (RFC 4180), with its line break. */
export function csvRow(cells: readonly (string | boolean | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

/** What spreadsheets take for the beginning of a formula (OWASP, CSV Injection). */
const formulaStart = /^[=+\-@\t\r]/

function toCell(value: string | boolean | null): string {
  const text = value === null ? '' : String(value)
  const defused = formulaStart.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused
}
