import type { Command } from 'commander'
import type { Configure } from './workspace.ts'

export function registerServeCommand(program: Command, configure: Configure) {
  program
    .command('serve')
    .description('migrate the database and serve until told to stop (SIGINT, SIGTERM)')
    .action(async () => {
      const { serve } = await import('../main.ts')
      await serve(await configure())
    })
}
