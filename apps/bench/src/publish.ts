import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { type Figures, figuresUrl, readFigures } from '@rollcall/server/src/documents/figures.ts'

/** A table for the page "Performance and durability". */
export interface FigureTable extends Pick<Figures, 'title' | 'notes' | 'heads' | 'rows'> {
  /** Names the table: a later one of the same takes its place. */
  readonly id: string
}

/** Puts tables on the page, in the place of those that the same benchmark has put there before. */
export function publish(tables: readonly FigureTable[], command: string) {
  const date = new Date().toISOString().slice(0, 10)
  const made = tables.map(({ id, ...table }) => [
    id,
    { ...table, command, machine: describeMachine(), date },
  ])
  const all = { ...readFigures(), ...Object.fromEntries(made) }
  writeFileSync(figuresUrl, `${JSON.stringify(all, null, 2)}\n`)
}

function describeMachine(): string {
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${availableParallelism()} cores of ${model}, which the clients and the database share, ${memory} GiB, Node ${process.versions.node}`
}
