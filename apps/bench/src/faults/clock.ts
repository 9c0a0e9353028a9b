import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Workspace } from '../processes.ts'
import type { Conditions } from './fault.ts'
import { compileShim } from './shim.ts'
import { createFolder } from './workspaces.ts'

/** The clock of a server, which can be set while it runs. */
export interface SettableClock {
  /** The same workspace, by that clock. */
  apply(workspace: Workspace): Workspace
  /** Sets it so many seconds before or after the true time. */
  set(offSeconds: number): void
}

/** By a library under the server, since what is to be tried is the server as it is. */
export function createSettableClock(conditions: Conditions): SettableClock {
  const library = compileShim('clock', conditions.folder)
  const path = join(createFolder(conditions), 'clock')
  const file = openSync(path, 'w')
  const set = (offSeconds: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(offSeconds))
    writeSync(file, bytes, 0, bytes.length, 0)
  }
  set(0)
  return {
    apply: (workspace) => ({
      ...workspace,
      settings: { ...workspace.settings, LD_PRELOAD: library, ROLLCALL_TEST_CLOCK: path },
    }),
    set,
  }
}
