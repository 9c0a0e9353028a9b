import type { Cluster } from './cluster.ts'

/** What a fault is tried on, and how long. */
export interface Conditions {
  /** A folder that is deleted at the end. */
  readonly folder: string
  /** The long version, for a night: minutes to hours instead of seconds. */
  readonly isLong: boolean
  /** How long F1 and F16 go on at most, where it is not as long as usual. */
  readonly forSeconds?: number
  /** A PostgreSQL of this run alone, started when it is first asked for. */
  cluster(): Promise<Cluster>
}

/** One thing that must hold, and whether it did. */
export interface Row {
  readonly fault: string
  readonly name: string
  readonly demand: string
  readonly measured: string
  /** `undefined` where it could not be tried. */
  readonly passed: boolean | undefined
  /** Why it does not hold, or was not tried, where that is known. */
  readonly reason?: string
}

/** Something that happens to a server, and what must hold all the same. */
export interface Fault {
  /** As in the list of faults that Rollcall withstands: `F1` to `F20`. */
  readonly id: string
  readonly name: string
  run(conditions: Conditions): Promise<Row[]>
}

/** A fault that this machine lacks something for. */
export class NotHereError extends Error {}

/** Why a write may take longer than it waits for the database. */
export const hashesFirst =
  'before it waits for the database, a registration hashes its password, in its turn among the others'

export type RowMaker = (
  name: string,
  demand: string,
  measured: string,
  passed: boolean,
  /** Why it is missed, where that is known. */
  reason?: string,
) => Row

/** Makes rows of one fault. */
export function rowsOf(fault: string, place: string): RowMaker {
  return (name, demand, measured, passed, reason) => ({
    fault,
    name: `${name}, ${place}`,
    demand,
    measured,
    passed,
    ...(reason !== undefined && !passed && { reason }),
  })
}

export function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`
}
