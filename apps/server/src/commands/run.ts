import { Command, CommanderError } from 'commander'
import { ConfigError, loadConfig } from '../config.ts'
import { messageOf } from '../logger.ts'
import { ProblemError } from '../problem.ts'
import { registerAuditCommands } from './audit.ts'
import { registerConfigCommand } from './config.ts'
import { registerDoctorCommand } from './doctor.ts'
import { registerKeysCommands } from './keys.ts'
import { registerMaintenanceCommands } from './maintenance.ts'
import { registerServeCommand } from './serve.ts'
import { registerUserCommands } from './users.ts'
import type { Environment } from './workspace.ts'

/** Runs one command line and answers the exit code: 0 done, 1 refused or failed, 2 misused. */
export async function run(argv: readonly string[], environment: Environment): Promise<number> {
  const program = new Command('rollcall')
    .description('Runs and looks after a Rollcall server. Settings are ROLLCALL_ variables.')
    .showHelpAfterError('Add --help for the usage.')
    .exitOverride()
  const configure = () => loadConfig(environment)
  registerServeCommand(program, configure)
  registerMaintenanceCommands(program, configure)
  registerUserCommands(program, configure)
  registerKeysCommands(program, configure)
  registerAuditCommands(program, configure)
  registerConfigCommand(program, configure)
  registerDoctorCommand(program, configure)
  try {
    await program.parseAsync(argv)
    return 0
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  // Commander has printed its help or its complaint already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  for (const line of linesOf(error)) process.stderr.write(`rollcall: ${line}\n`)
  return 1
}

function linesOf(error: unknown): string[] {
  if (error instanceof ProblemError && error.errors) {
    return error.errors.map(({ field, detail }) => `${field}: ${detail}`)
  }
  if (error instanceof ConfigError || error instanceof ProblemError) return [error.message]
  if (error instanceof Error && error.name === 'ExitPromptError') return ['Nothing was done.']
  return [error instanceof Error ? reasonsOf(error).join(': ') : String(error)]
}

function reasonsOf(error: Error): string[] {
  const { cause } = error
  return [messageOf(error), ...(cause instanceof Error ? reasonsOf(cause) : [])]
}
