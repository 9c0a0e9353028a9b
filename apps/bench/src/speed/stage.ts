import { get, type SignedIn, signIn } from '../api.ts'
import { createPostgresDatabase, createSqliteDatabase } from '../database.ts'
import { type RunningProcess, runCommand, startServer, type Workspace } from '../processes.ts'
import { seed, seededPassword } from '../seed/seed.ts'
import { startReadCeiling } from './ceilings.ts'

const userCount = 1_000

/** Who takes part in a read or a refresh has an account of their own. */
export interface Account extends SignedIn {
  readonly id: string
  readonly username: string
}

/** The server and its ceiling on the same users, with people signed in. */
export interface Stage {
  readonly server: RunningProcess
  readonly ceiling: RunningProcess
  readonly accounts: readonly Account[]
  readonly operator: SignedIn
  /** What the server serves. */
  readonly workspace: Workspace
}

/** Sets the stage, plays on it, and clears it away whatever happens. */
export async function withStage<T>(
  postgresUrl: string | undefined,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const clearing: (() => Promise<void>)[] = []
  try {
    return await play(await set(postgresUrl, clearing))
  } finally {
    for (const clear of clearing.reverse()) await clear()
  }
}

async function set(
  postgresUrl: string | undefined,
  clearing: (() => Promise<void>)[],
): Promise<Stage> {
  const until = new Date()
  const prepare = async (database: { url: string; drop(): Promise<void> }) => {
    clearing.push(database.drop)
    const workspace = { databaseUrl: database.url, secret: 'a secret that only benchmarks use' }
    await runCommand(workspace, ['migrate'])
    await seed(database.url, userCount, until)
    return workspace
  }
  // The ceiling reads a file, whatever the server runs on.
  const file = await prepare(await createSqliteDatabase())
  const workspace = postgresUrl ? await prepare(await createPostgresDatabase(postgresUrl)) : file
  await runCommand(workspace, createOperator, `${seededPassword}\n`)

  const server = await startServer(workspace)
  clearing.push(server.stop)
  const ceiling = await startReadCeiling(file.databaseUrl.slice('file:'.length), server.url)
  clearing.push(ceiling.stop)
  const operator = await signIn(server.url, 'operator', seededPassword)
  return { server, ceiling, operator, workspace, accounts: await signInSome(server.url, operator) }
}

const createOperator = [
  ...['create-superuser', '--username', 'operator', '--email', 'operator@operations.example'],
  '--password-stdin',
]

async function signInSome(url: string, operator: SignedIn): Promise<Account[]> {
  const page = await get(`${url}/api/users/?is_active=true&limit=41`, operator.access)
  const { results } = page as { results: { id: string; username: string }[] }
  const people = results.filter(({ username }) => username !== 'operator')
  return Promise.all(
    people.map(async ({ id, username }) => ({
      id,
      username,
      ...(await signIn(url, username, seededPassword)),
    })),
  )
}
