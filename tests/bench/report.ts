// What every benchmark says its figures with: quantiles, ratios and Markdown tables on standard output.

/** @param q from 0 to 1 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** The median with the least and the greatest beside it: how far the rounds of a noisy machine lie apart. */
export function spread(values: readonly number[], unit = '', digits = 2): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const end = unit === '' ? '' : ` ${unit}`
  return `${median(values).toFixed(digits)}${end} (${least.toFixed(digits)}–${most.toFixed(digits)})`
}

/** Round by round: what ran one after the other is compared, so a machine that slows down slows both. */
export function ratios(ours: readonly number[], baseline: readonly number[]): number[] {
  return ours.map((value, round) => value / (baseline[round] ?? Number.NaN))
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  print(['', line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line), ''].join('\n'))
}
