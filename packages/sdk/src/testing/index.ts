import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { type Client, createClient } from '../client.ts'
import type { NewUser, User } from '../generated/types.gen.ts'
import type { ClientOptions } from '../options.ts'

/** How a test server is started. */
export interface TestServerOptions {
  /**
   * The command line that starts the server and prints where it is; `rollcall test-server --json`
   * unless given.
   */
  readonly command?: readonly string[]
  /** Settings of the server beside those of the environment, such as `ROLLCALL_REGISTRATION`. */
  readonly env?: Readonly<Record<string, string>>
}

/** An account of the test server. */
export interface TestUser {
  readonly id: string
  readonly username: string
  readonly password: string
}

/** A mail that would have been sent. */
export interface TestMail {
  readonly user_id: string
  readonly [member: string]: unknown
}

/** The real Rollcall server, with a database of its own that is gone when it closes. */
export interface TestServer {
  readonly url: string
  /** `admin`, who may do everything, `alice` and `bob`. */
  readonly users: readonly TestUser[]
  /** A client that nobody has signed in to; its clock is the server’s. */
  createClient(options?: Partial<ClientOptions>): Client
  /** A client that this user has signed in to. */
  signIn(username: string, options?: Partial<ClientOptions>): Promise<Client>
  /** Makes an account with any flags; what is left out is made up. */
  createUser(user: Partial<NewUser> & Pick<NewUser, 'username'>): Promise<User & TestUser>
  /** Puts the clock forward: tokens and links expire. */
  advance(seconds: number): Promise<void>
  /** The mails that would have been sent, oldest first. */
  mails(): Promise<TestMail[]>
  /** Sets everything back to how it was at the start. */
  reset(): Promise<void>
  /** Ends the server. It ends with this process at the latest. */
  close(): Promise<void>
}

const defaultCommand = ['rollcall', 'test-server', '--json']

/**
 * Starts the real server on a free port of this machine. Start one for all your tests, and
 * `reset` it between them.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { command = defaultCommand, env } = options
  const child = start(command, env)
  const { url, control_url, control_token, users } = await announcementOf(child, command)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const made = new Map(users.map((user) => [user.username, user]))
  let aheadMs = 0

  async function control<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(control_url + path, {
      method,
      headers: { authorization: `Bearer ${control_token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`The test server refuses ${method} ${path}: ${text}`)
    return JSON.parse(text)
  }

  function createTestClient(given: Partial<ClientOptions> = {}): Client {
    return createClient({ baseUrl: url, now: () => Date.now() + aheadMs, ...given })
  }

  return {
    url,
    users,
    createClient: createTestClient,

    async signIn(username, given) {
      const user = made.get(username)
      if (!user) throw new Error(`The test server has no user ${username}: make it first.`)
      const client = createTestClient(given)
      await client.auth.signIn({ username, password: user.password })
      return client
    },

    async createUser(user) {
      const created = await control<User & TestUser>('POST', '/users', user)
      made.set(created.username, created)
      return created
    },

    async advance(seconds) {
      await control('POST', '/clock', { advance_seconds: seconds })
      aheadMs += seconds * 1_000
    },

    mails: async () => (await control<{ results: TestMail[] }>('GET', '/mails')).results,

    async reset() {
      await control('POST', '/reset', {})
      aheadMs = 0
    },

    async close() {
      child.ref()
      child.stdin.end()
      await ended
    },
  }
}

/** What the command prints. */
interface Announcement {
  readonly url: string
  readonly control_url: string
  readonly control_token: string
  readonly users: readonly TestUser[]
}

function start(
  [program = '', ...given]: readonly string[],
  env?: Readonly<Record<string, string>>,
) {
  // biome-ignore lint/style/noProcessEnv: a program that is started is given the environment.
  const child = spawn(program, given, { env: { ...process.env, ...env } })
  // A server that was not closed keeps nobody waiting: it ends with its standard input.
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if ('unref' in stream && stream.unref instanceof Function) stream.unref()
  }
  return child
}

/** The first line, in which the server says where it is. */
function announcementOf(
  child: ChildProcessWithoutNullStreams,
  command: readonly string[],
): Promise<Announcement> {
  return new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '' }
    child.ref()
    child.stderr.on('data', (chunk) => {
      said.stderr += chunk
    })
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk
      if (!said.stdout.includes('\n')) return
      child.unref()
      resolve(JSON.parse(said.stdout))
    })
    child.once('error', (cause) => reject(new Error(missing(command), { cause })))
    child.once('exit', (code) => {
      reject(new Error(`\`${command.join(' ')}\` ended with ${code}: ${said.stderr.trim()}`))
    })
  })
}

function missing(command: readonly string[]): string {
  return `\`${command.join(' ')}\` cannot be started. Install the Rollcall server, whose command it is, or say where it is: startTestServer({ command: ['node', 'rollcall/apps/server/src/cli.mjs', 'test-server', '--json'] }).`
}
