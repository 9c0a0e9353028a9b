import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { Finding } from '../features/doctor/finding.ts'
import { type Configure, print } from './workspace.ts'

export function registerDoctorCommand(program: Command, configure: Configure) {
  program
    .command('doctor')
    .description('look for what is weak or wrong; exits 1 when something is')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { examine } = await import('../features/doctor/service.ts')
      const all = await examine(await configure(), systemClock)
      print(options, all, all.map(describe).join('\n\n') || 'Nothing is wrong.')
      const findings = all.filter(({ kind }) => kind === 'finding').length
      if (findings > 0) throw new Error(`The doctor has found something: ${findings}.`)
    })
}

function describe({ check, kind, what, why, remedy }: Finding): string {
  return [
    `${kind}: ${what} (${check})`,
    `  Why it matters: ${why}`,
    `  What to do: ${remedy}`,
  ].join('\n')
}
