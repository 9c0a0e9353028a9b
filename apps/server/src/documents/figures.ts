import { readFileSync } from 'node:fs'

/** A table of what a benchmark has measured, as `pnpm bench ... --publish` writes it. */
export interface Figures {
  readonly title: string
  /** What makes the figures anew. */
  readonly command: string
  /** Its processor, memory and Node. */
  readonly machine: string
  /** The day, as `2026-01-31`. */
  readonly date: string
  readonly notes: readonly string[]
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export const figuresUrl = new URL('./figures.gen.json', import.meta.url)

/** By the id of the table, in the order of the page. */
export function readFigures(): Record<string, Figures> {
  return JSON.parse(readFileSync(figuresUrl, 'utf8'))
}
