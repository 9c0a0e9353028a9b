import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewUser, User } from '@rollcall/contract'
import { buildApp } from '../app.ts'
import { toInstant } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import { randomText } from '../crypto.ts'
import { takeSnapshot } from '../db/snapshot.ts'
import { openStore } from '../db/store.ts'
import { operator } from '../features/audit/origin.ts'
import type { UsersService } from '../features/users/service.ts'
import { createLogger } from '../logger.ts'
import type { Mail } from '../mailer.ts'
import { complete, listen } from '../main.ts'
import { createSettableClock } from './clock.ts'
import { serveControl } from './control.ts'

/** An account that is there from the start, with its password. */
export type TestUser = Pick<User, 'id' | 'username' | 'is_superuser'> & {
  readonly password: string
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>

/**
 * The real server with everything made up: a database, a secret and accounts that are gone when
 * it closes, cheap hashes, no limits, a clock that can be set, and mails that stay here. The
 * settings decide the rest.
 */
export async function startTestServer(settings: Config) {
  if (settings.env === 'production') throw productionError
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-test-server-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  try {
    const server = await start(await complete({ ...settings, ...madeUp(folder) }))
    return { ...server, close: () => server.close().finally(removeFolder) }
  } catch (error) {
    await removeFolder()
    throw error
  }
}

const productionError = new ConfigError(
  'ROLLCALL_ENV is production, and a test server never is. Use `rollcall serve`.',
)

function madeUp(folder: string): Partial<Config> {
  return {
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    audience: undefined,
    databaseUrl: `file:${join(folder, 'rollcall.db')}`,
    secret: randomText(48),
    argon2MemoryKib: 1_024,
    argon2Passes: 1,
    argon2Lanes: 1,
    limits: 'off',
  }
}

async function start(config: Awaited<ReturnType<typeof complete>>) {
  const store = await openStore(config.databaseUrl)
  const clock = createSettableClock()
  const mails: Mail[] = []
  const mailer = { send: (mail: Mail) => void mails.push(mail) }
  await store.migrate(() => toInstant(clock.now()))
  const logger = createLogger('error', process.stderr)
  const built = await buildApp({ config, store, clock, mailer, logger })
  const { app } = built
  const users = await seed(built.users)
  const restore = await takeSnapshot(store)

  async function reset() {
    await restore()
    clock.reset()
    mails.length = 0
    return { users }
  }

  await listen(built, config)
  const control = await serveControl({ users: built.users, clock, mails, reset })
  return {
    url: config.publicUrl,
    controlUrl: control.url,
    controlToken: control.token,
    users,
    async close() {
      control.close()
      app.server.closeAllConnections()
      await app.close()
      await store.close()
    },
  }
}

async function seed(users: UsersService): Promise<TestUser[]> {
  return [
    await makeUser(users, 'admin', { is_staff: true, is_superuser: true }),
    await makeUser(users, 'alice'),
    await makeUser(users, 'bob'),
  ]
}

async function makeUser(users: UsersService, username: string, flags: Partial<NewUser> = {}) {
  const password = randomText(12)
  const body = { username, email: `${username}@example.com`, password, ...flags }
  const { id, isSuperuser } = await users.create(body, operator)
  return { id, username, password, is_superuser: isSuperuser }
}
