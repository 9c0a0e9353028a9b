import type { Command } from 'commander'
import { serve } from '../main.ts'
import type { Configure } from './workspace.ts'

export function registerServeCommand(program: Command, configure: Configure) {
  program
    .command('serve')
    .description('migrate the database and serve until told to stop (SIGINT, SIGTERM)')
    .action(() => serve(configure()))
}
