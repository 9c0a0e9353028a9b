import { text } from 'node:stream/consumers'
import { input, password as promptPassword } from '@inquirer/prompts'
import { NewUser } from '@rollcall/contract'
import type { Command } from 'commander'
import { canonical } from '../canonical.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { unguarded } from '../features/attempts/service.ts'
import { operator } from '../features/audit/origin.ts'
import { createAuditService } from '../features/audit/service.ts'
import { createOneTimeTokensService } from '../features/one-time-tokens/service.ts'
import { createPasswords } from '../features/passwords/passwords.ts'
import { createRolesService } from '../features/roles/service.ts'
import { createSessionsService } from '../features/sessions/service.ts'
import { createUsersService, type UsersService } from '../features/users/service.ts'
import { compileValidator } from '../http/validation.ts'
import { type Configure, misuse, print, withStore } from './workspace.ts'

interface PasswordOptions {
  readonly passwordStdin?: boolean
  readonly json?: boolean
}

export function registerUserCommands(program: Command, configure: Configure) {
  program
    .command('create-superuser')
    .description('make an account that holds every permission')
    .option('--username <username>')
    .option('--email <email>')
    .option('--password-stdin', 'read the password from standard input instead of asking')
    .option('--json', 'print JSON')
    .action(async (options: PasswordOptions & { username?: string; email?: string }) => {
      const username = options.username ?? (await ask('Username:', '--username'))
      const email = options.email ?? (await ask('E-mail address:', '--email'))
      const password = await readPassword(options)
      const body = validated({ username, email, password, is_staff: true, is_superuser: true })
      const row = await withUsers(configure(), (users) => users.create(body, operator))
      print(options, { id: row.id, username: row.username }, `Superuser ${row.username} is made.`)
    })

  program
    .command('change-password')
    .description('set the password of an account and end its sessions')
    .argument('<username>', 'the username or the e-mail address')
    .option('--password-stdin', 'read the password from standard input instead of asking')
    .option('--json', 'print JSON')
    .action(async (name: string, options: PasswordOptions) => {
      await withUsers(configure(), async (users) => {
        const row = await users.findByLogin(canonical(name))
        if (!row) throw misuse(`There is no account ${name}.`)
        await users.resetPassword(row, await readPassword(options))
        print(options, { id: row.id }, `The password of ${row.username} is set.`)
      })
    })
}

async function withUsers<T>(config: Config, work: (users: UsersService) => Promise<T>): Promise<T> {
  return withStore(config, async (store) => {
    const passwords = await createPasswords(config)
    const clock = systemClock
    const audit = createAuditService({ store, clock })
    const roles = createRolesService({ store, clock, audit })
    const sessions = createSessionsService({ store, clock, settings: config, roles, audit })
    const oneTimeTokens = createOneTimeTokensService({ store, clock, ...config })
    const shared = { store, clock, passwords, sessions, attempts: unguarded, roles, audit }
    return work(createUsersService({ ...shared, oneTimeTokens, ...config }))
  })
}

/** The rules of the API's own endpoint. */
function validated(body: NewUser): NewUser {
  const validate = compileValidator({ schema: NewUser, method: 'POST', url: '', httpPart: 'body' })
  const result = validate(body)
  if (typeof result === 'object' && 'error' in result) throw result.error
  return body
}

async function ask(message: string, option: string): Promise<string> {
  if (!process.stdin.isTTY) throw misuse(`Without a terminal, give ${option}.`)
  return input({ message, required: true })
}

async function readPassword({ passwordStdin }: PasswordOptions): Promise<string> {
  if (passwordStdin) return (await text(process.stdin)).replace(/\r?\n$/, '')
  if (!process.stdin.isTTY) throw misuse('Without a terminal, give --password-stdin.')
  const first = await promptPassword({ message: 'Password:', mask: true })
  const second = await promptPassword({ message: 'The password again:', mask: true })
  if (first !== second) throw misuse('The two passwords differ.')
  return first
}
