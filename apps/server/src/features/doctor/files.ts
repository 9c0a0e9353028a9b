import { readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { type Finding, finding } from './finding.ts'

/** Which of the files others on this machine may read or write. */
export function examineFiles(files: readonly string[]): Finding[] {
  // Windows keeps no such modes.
  if (process.platform === 'win32') return []
  return files
    .filter(isOpenToOthers)
    .map((file) =>
      finding(
        'files',
        `Others on this machine may read or write ${file}.`,
        'It holds the secret of the server, or every account with its password hash.',
        `Run \`chmod go-rwx ${file}\`. If somebody else may have read the secret, replace it.`,
      ),
    )
}

function isOpenToOthers(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats !== undefined && (stats.mode & 0o077) !== 0
}

/** Whether the file of settings holds a secret. */
export function holdsSecret(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false
  const { ROLLCALL_SECRET: secret, ROLLCALL_DATABASE_URL: databaseUrl } = parseEnv(
    readFileSync(file, 'utf8'),
  )
  return Boolean(secret || databaseUrl)
}
