import { readFigures } from '../src/documents/figures.ts'
import { replaceBetween } from './readme.ts'

const start =
  '<!-- speed: made by `pnpm generate` from what `pnpm bench speed --publish` measured -->'
const end = '<!-- /speed -->'

/** The README with its table of speed renewed. */
export function withSpeed(readme: string): string {
  const figures = readFigures()['speed-SQLite']
  if (!figures) return readme
  const { heads, rows, machine } = figures
  const shown = ['What', 'A second', 'Ceiling', 'Share', 'p99 ms'].map((head) =>
    heads.indexOf(head),
  )
  const line = (cells: readonly string[]) =>
    `| ${shown.map((column) => cells[column] ?? '').join(' | ')} |`
  const rule = `| ${shown.map(() => '---').join(' | ')} |`
  const table = [line(heads), rule, ...rows.map(line)]
  return replaceBetween(readme, start, [`On ${machine}:`, '', ...table].join('\n'), end)
}
