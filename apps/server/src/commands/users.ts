import { text } from 'node:stream/consumers'
import type { NewUser } from '@rollcall/contract'
import type { Command } from 'commander'
import { canonical } from '../canonical.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { operator } from '../features/audit/origin.ts'
import type { UsersService } from '../features/users/service.ts'
import { type Configure, MisuseError, print, withMigratedStore } from './workspace.ts'

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
      const config = await configure()
      const username = options.username ?? (await ask('Username:', '--username'))
      const email = options.email ?? (await ask('E-mail address:', '--email'))
      const password = await readPassword(options)
      const flags = { is_staff: true, is_superuser: true }
      const body = await validated({ username, email, password, ...flags })
      const row = await withUsers(config, (users) => users.create(body, operator))
      print(options, { id: row.id, username: row.username }, `Superuser ${row.username} is made.`)
    })

  program
    .command('change-password')
    .description('set the password of an account and end its sessions')
    .argument('<username>', 'the username or the e-mail address')
    .option('--password-stdin', 'read the password from standard input instead of asking')
    .option('--json', 'print JSON')
    .action(async (name: string, options: PasswordOptions) => {
      await withUsers(await configure(), async (users) => {
        const row = await users.findByLogin(canonical(name))
        if (!row) throw new Error(`There is no account ${name}.`)
        await users.resetPassword(row, await readPassword(options))
        print(options, { id: row.id }, `The password of ${row.username} is set.`)
      })
    })
}

async function withUsers<T>(config: Config, work: (users: UsersService) => Promise<T>): Promise<T> {
  const { unguarded } = await import('../features/attempts/service.ts')
  const { createAuditService } = await import('../features/audit/service.ts')
  const { createOneTimeTokensService } = await import('../features/one-time-tokens/service.ts')
  const { createPasswords } = await import('../features/passwords/passwords.ts')
  const { createRolesService } = await import('../features/roles/service.ts')
  const { createSessionsService } = await import('../features/sessions/service.ts')
  const { createUsersService } = await import('../features/users/service.ts')
  return withMigratedStore(config, async (store) => {
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
async function validated(body: NewUser): Promise<NewUser> {
  const { NewUser } = await import('@rollcall/contract')
  const { compileValidator } = await import('../http/validation.ts')
  const validate = compileValidator({ schema: NewUser, method: 'POST', url: '', httpPart: 'body' })
  const result = validate(body)
  if (typeof result === 'object' && 'error' in result) throw result.error
  return body
}

async function ask(message: string, option: string): Promise<string> {
  if (!process.stdin.isTTY) throw new MisuseError(`Without a terminal, give ${option}.`)
  const { input } = await import('@inquirer/prompts')
  return input({ message, required: true })
}

async function readPassword({ passwordStdin }: PasswordOptions): Promise<string> {
  if (passwordStdin) return (await text(process.stdin)).replace(/\r?\n$/, '')
  if (!process.stdin.isTTY) throw new MisuseError('Without a terminal, give --password-stdin.')
  const prompts = await import('@inquirer/prompts')
  const first = await prompts.password({ message: 'Password:', mask: true })
  const second = await prompts.password({ message: 'The password again:', mask: true })
  if (first !== second) throw new Error('The two passwords differ.')
  return first
}
