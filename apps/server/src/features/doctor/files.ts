import { readFileSync, statSync } from 'node:fs'
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
  const stats = statSync(file, { throwIfNoEntry: false })
  return (
    stats !== undefined && /^ROLLCALL_(SECRET|DATABASE_URL)=./m.test(readFileSync(file, 'utf8'))
  )
}
