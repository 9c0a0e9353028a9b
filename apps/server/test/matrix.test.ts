import { type Access, type Endpoint, listEndpoints, type Permission } from '@rollcall/contract'
import type { Test } from 'tap'
import { onEachDatabase } from './support/databases.ts'
import { createServer, password, type TestServer } from './support/server.ts'

const callers = [
  'anonymous',
  'a plain user',
  'an administrator',
  'a support agent',
  'an auditor',
  'a deactivated user',
  'a superuser',
] as const

type Caller = (typeof callers)[number]

const roleOf: Partial<Record<Caller, string>> = {
  'an administrator': 'administrator',
  'a support agent': 'support',
  'an auditor': 'auditor',
}

/** One square of the matrix: who calls, and on whose account. */
interface Square {
  readonly caller: Caller
  readonly target: 'own' | 'other'
}

type Account = Awaited<ReturnType<TestServer['signUp']>>

/** What one call is made with. */
interface Props {
  readonly account: Account
  readonly target: Account
  readonly roleId: string
  /** Occurs nowhere else. */
  readonly name: string
}

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database })
  const stage = await createStage(server)
  for (const [operationId, endpoint] of listEndpoints()) {
    await t.test(
      `ASVS 8.1.1, 8.2.1, 8.2.2, 8.3.1: ${operationId} serves whom its access names`,
      (t) => testEndpoint(t, endpoint, { server, stage }),
    )
  }
})

type Stage = Awaited<ReturnType<typeof createStage>>

/** Makes everybody who calls, and everything that is called upon. */
async function createStage({ call, signUp }: TestServer) {
  const root = await signUp('root', { is_superuser: true })
  const token = root.access
  const { body } = await call('GET', '/api/roles/', { token })
  const roles: { id: string; name: string; permissions: Permission[] }[] = body.results
  const roleFor = (caller: Caller) => roles.find(({ name }) => name === roleOf[caller])
  let made = 0

  async function makeCaller(caller: Caller): Promise<Account> {
    const account = await signUp(undefined, { is_superuser: caller === 'a superuser' })
    const path = `/api/users/${account.id}/`
    const role = roleFor(caller)
    if (role) await call('PUT', `${path}roles/`, { token, body: { roles: [role.id] } })
    if (caller === 'a deactivated user') {
      await call('PATCH', path, { token, body: { is_active: false } })
    }
    return account
  }

  async function makeRole(): Promise<string> {
    const body = { name: nextName(), permissions: ['users.view'] }
    return (await call('POST', '/api/roles/', { token, body })).body.id
  }

  function nextName() {
    made += 1
    return `matrix${made}`
  }

  const cast = new Map<Caller, Account>()
  for (const caller of callers) cast.set(caller, await makeCaller(caller))
  const standing = { target: await signUp('target'), roleId: await makeRole() }

  return {
    permissionsOf: (caller: Caller) => roleFor(caller)?.permissions ?? [],

    /** For a call that changes nothing: what is there. */
    standingProps({ caller, target }: Square): Props {
      const account = cast.get(caller) ?? root
      return {
        ...standing,
        account,
        target: target === 'own' ? account : standing.target,
        name: nextName(),
      }
    },

    /** For a call that changes something: what it may use up. */
    async makeProps({ caller, target }: Square, { path }: Endpoint): Promise<Props> {
      const account = target === 'own' ? await makeCaller(caller) : (cast.get(caller) ?? root)
      return {
        account,
        target: target === 'own' ? account : await signUp(),
        roleId: path.startsWith('/api/roles/:id/') ? await makeRole() : standing.roleId,
        name: nextName(),
      }
    },

    async makeLinkToken(userId: string): Promise<string | undefined> {
      const link = await call('POST', `/api/users/${userId}/password-link/`, { token })
      return link.body.url?.split('#')[1]
    },
  }
}

async function testEndpoint(t: Test, endpoint: Endpoint, parts: Pick<Attempt, 'server' | 'stage'>) {
  const { server, stage } = parts
  const squares = squaresOf(endpoint)
  const refused = squares.filter((square) => isRefused(endpoint, square, stage))
  const served = squares.filter((square) => !refused.includes(square))

  const before = await dump(server)
  for (const square of refused) {
    await testSquare(t, endpoint, { ...parts, square, props: stage.standingProps(square) })
  }
  t.same(await dump(server), before, 'who is refused changes nothing')

  for (const square of served) {
    const isRead = endpoint.method === 'GET'
    const props = isRead ? stage.standingProps(square) : await stage.makeProps(square, endpoint)
    await testSquare(t, endpoint, { ...parts, square, props })
  }
}

/** What is not about the caller is somebody else’s: who calls must not matter there. */
function squaresOf({ path, access }: Endpoint): Square[] {
  const usual = access.kind === 'signedIn' ? 'own' : 'other'
  const targets: Square['target'][] = path.startsWith('/api/users/:id/')
    ? ['own', 'other']
    : [usual]
  return callers.flatMap((caller) => targets.map((target) => ({ caller, target })))
}

function isRefused(endpoint: Endpoint, square: Square, stage: Stage): boolean {
  return expectedStatus(endpoint, square, stage) !== endpoint.response[0]
}

/** What the contract and the role say, and nothing else: the status of success, 401 or 403. */
function expectedStatus(endpoint: Endpoint, square: Square, stage: Stage): number {
  const { access, response } = endpoint
  if (access.kind === 'anyone') return response[0]
  if (['anonymous', 'a deactivated user'].includes(square.caller)) return 401
  // Nobody gets around giving the own password in force.
  if (endpoint.path.endsWith('/password-link/') && square.target === 'own') return 403
  return isServed(access, square, stage.permissionsOf(square.caller)) ? response[0] : 403
}

function isServed(access: Access, { caller, target }: Square, held: readonly Permission[]) {
  const isOwn = access.kind === 'ownOrPermission' && target === 'own'
  if (access.kind === 'signedIn' || isOwn || caller === 'a superuser') return true
  return 'permission' in access && held.includes(access.permission)
}

interface Attempt {
  readonly server: TestServer
  readonly stage: Stage
  readonly square: Square
  readonly props: Props
}

async function testSquare(t: Test, endpoint: Endpoint, attempt: Attempt) {
  const { caller, target } = attempt.square
  const answer = await send(endpoint, attempt)
  const expected = expectedStatus(endpoint, attempt.square, attempt.stage)
  const detail = answer.body?.detail ?? 'no detail'
  t.equal(answer.status, expected, `${caller}, ${target} account: ${detail}`)
}

/** The example of the contract, on accounts, tokens and roles that are there. */
async function send(endpoint: Endpoint, attempt: Attempt) {
  const { method, path, query, body, example } = endpoint
  const { server, square, props } = attempt
  const url = path.replace(':id', await idFor(endpoint, attempt))
  const search = query ? `?${new URLSearchParams(example.query)}` : ''
  return server.call(method, url + search, {
    ...(square.caller !== 'anonymous' && { token: props.account.access }),
    ...(body && { body: await bodyFor(endpoint, attempt) }),
  })
}

async function idFor({ path }: Endpoint, { server, props }: Attempt): Promise<string> {
  if (path.startsWith('/api/roles/')) return props.roleId
  if (path.startsWith('/api/sessions/')) {
    const { body } = await server.call('GET', '/api/sessions/', { token: props.account.access })
    return body.results?.[0].id ?? props.roleId
  }
  return props.target.id
}

/** The members of the example with live values; its flags are the field matrix’ affair. */
async function bodyFor({ path, access, example }: Endpoint, { stage, props }: Attempt) {
  const isSignIn = path === '/api/token/'
  const { name } = props
  const holder = access.kind === 'anyone' ? props.target : props.account
  const live: Record<string, unknown> = {
    username: isSignIn ? props.target.username : name,
    email: `${name}@example.com`,
    name,
    password,
    current_password: password,
    refresh: holder.refresh,
    token:
      path === '/api/password/set/' ? await stage.makeLinkToken(props.target.id) : holder.access,
  }
  return Object.fromEntries(
    Object.entries(example.body ?? {})
      .filter(([member]) => !member.startsWith('is_'))
      .map(([member, value]) => [member, live[member] ?? value]),
  )
}

/** All that a request could change, but not what is noted of the refusal itself. */
async function dump({ store }: TestServer) {
  const { users, sessions, roles, userRoles, oneTimeTokens, signingKeys } = store.tables
  return {
    users: await store.read.select().from(users),
    sessions: await store.read.select().from(sessions),
    roles: await store.read.select().from(roles),
    userRoles: await store.read.select().from(userRoles),
    oneTimeTokens: await store.read.select().from(oneTimeTokens),
    signingKeys: await store.read.select().from(signingKeys),
  }
}
