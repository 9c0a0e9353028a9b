import { Command, CommanderError } from 'commander'
import { registerAuditCommands } from './audit.ts'
import { registerBackupCommands } from './backup.ts'
import { registerConfigCommand } from './config.ts'
import { registerDatabaseCommands } from './database.ts'
import { registerDoctorCommand } from './doctor.ts'
import { registerKeysCommands } from './keys.ts'
import { registerMaintenanceCommands } from './maintenance.ts'
import { registerServeCommand } from './serve.ts'
import { registerSessionsCommands } from './sessions.ts'
import { registerTestServerCommand } from './test-server.ts'
import { registerUserCommands } from './users.ts'
import { type Configure, type Environment, MisuseError } from './workspace.ts'

/** Runs one command line and answers the exit code: 0 done, 1 refused or failed, 2 misused. */
export async function run(argv: readonly string[], environment: Environment): Promise<number> {
  const program = new Command('rollcall')
    .description('Runs and looks after a Rollcall server. Settings are ROLLCALL_ variables.')
    .showHelpAfterError('Add --help for the usage.')
    .exitOverride()
  const configure: Configure = async () => {
    const { loadConfig } = await import('../config.ts')
    return loadConfig(environment)
  }
  registerServeCommand(program, configure)
  registerMaintenanceCommands(program, configure)
  registerSessionsCommands(program, configure)
  registerUserCommands(program, configure)
  registerKeysCommands(program, configure)
  registerAuditCommands(program, configure)
  registerBackupCommands(program, configure)
  registerDatabaseCommands(program, configure)
  registerConfigCommand(program, configure)
  registerDoctorCommand(program, configure)
  registerTestServerCommand(program, configure)
  try {
    await program.parseAsync(argv)
    return 0
  } catch (error) {
    return await report(error)
  }
}

async function report(error: unknown): Promise<number> {
  // Commander has printed its help or its complaint already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  for (const line of await linesOf(error)) process.stderr.write(`rollcall: ${line}\n`)
  return error instanceof MisuseError ? 2 : 1
}

async function linesOf(error: unknown): Promise<string[]> {
  const { ProblemError } = await import('../problem.ts')
  if (error instanceof ProblemError && error.errors) {
    return error.errors.map(({ field, detail }) => `${field}: ${detail}`)
  }
  if (error instanceof Error && error.name === 'ExitPromptError') return ['Nothing was done.']
  const { isUnavailable, withoutValues } = await import('../db/errors.ts')
  const reason = messageOf(withoutValues(error))
  return [isUnavailable(error) ? `The database does not answer: ${reason}.` : reason]
}

/** What tried several addresses of a host in vain has a code and no message. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
