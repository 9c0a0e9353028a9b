import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const versions = '/usr/lib/postgresql'

/** The folder of initdb, pg_ctl and pg_dump, of the newest version that Debian's packages have here. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(versions)) return undefined
  const [newest] = readdirSync(versions).sort((left, right) => Number(right) - Number(left))
  const folder = newest && join(versions, newest, 'bin')
  return folder && existsSync(join(folder, 'pg_ctl')) ? folder : undefined
}
