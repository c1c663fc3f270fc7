// Tables as CSV (RFC 4180) that a spreadsheet opens as they are meant.

/** Without it Excel reads UTF-8 as the system's own code page, and Korean as rubbish. */
export const BYTE_ORDER_MARK = '\ufeff'

/**
 * What makes a spreadsheet take a cell for a formula (owasp.org/www-community/attacks/CSV_Injection). Names are chosen by members,
 * so such a cell gets an apostrophe before it, which shows it as the text it is.
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/

export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

function toCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
