import type { Request } from 'autocannon'
import { bearer, signIn } from '../api.ts'
import { seededPassword } from '../seed/seed.ts'
import type { Load } from './load.ts'
import type { Account, Stage } from './stage.ts'

/** What is meant to be reached, and what stands in the way where it is not. */
export interface Aim {
  /** Of the ceiling. */
  readonly share?: number
  readonly perSecond?: number
  readonly p99Ms?: number
  readonly missedSince?: string
}

/** Something that clients do. */
export interface Scenario {
  readonly name: string
  readonly aim?: Aim
  readonly ceiling: 'reads' | 'hashes' | 'none'
  /** Made anew for each round; `target` is the server or the ceiling of reads. */
  prepare(stage: Stage, target: string): Promise<Load>
}

const sessionIsRead =
  'the ceiling trusts the token; the server looks in the database, at each request, whether its session lives and what its account may do. Sampled by perf on SQLite, a read took 83 µs (41 in the ceiling): 22 (12) to write to the socket, of which most wakes the client, which the quicker ceiling finds awake; 9 (6) in SQLite; 52 (23) in Node, Fastify and what is ours'

const listIsLong =
  'as above; sampled by perf on SQLite, a list took 290 µs (189 in the ceiling): 53 (31) in the kernel, 30 (28) in SQLite, 207 (130) in Node, Fastify and what is ours, of which 34 turn names that are not Latin into UTF-8'

const coresAreShared =
  'the ceiling hashes on every core with nothing beside it; here the server answers and the clients ask on the same cores'

const coreIsUsed =
  'the processor bounds it and not the disk: the signature of the access token, the transaction and the answer take the whole core'

const readers = 16
const refreshers = 40
const signers = 8

export const scenarios: readonly Scenario[] = [
  {
    name: 'read own account',
    aim: { share: 0.85, missedSince: sessionIsRead },
    ceiling: 'reads',
    prepare: async ({ accounts }, url) =>
      load(url, readers, (connection) => {
        const { id, access } = accountAt(accounts, connection)
        return { path: `/api/users/${id}/`, headers: bearer(access) }
      }),
  },
  {
    name: 'read another account',
    aim: { share: 0.85, missedSince: sessionIsRead },
    ceiling: 'reads',
    prepare: async ({ accounts, operator }, url) =>
      load(url, readers, (connection) => {
        const { id } = accountAt(accounts, connection)
        return { path: `/api/users/${id}/`, headers: bearer(operator.access) }
      }),
  },
  {
    name: 'list 50 accounts',
    aim: { share: 0.8, missedSince: listIsLong },
    ceiling: 'reads',
    prepare: async ({ operator }, url) =>
      load(url, readers, () => ({ path: '/api/users/', headers: bearer(operator.access) })),
  },
  {
    name: 'refresh',
    aim: { perSecond: 3_000, missedSince: coreIsUsed },
    ceiling: 'none',
    prepare: async ({ accounts }, url) => {
      const chains = await Promise.all(
        accounts.slice(0, refreshers).map(({ username }) => signIn(url, username, seededPassword)),
      )
      return load(url, chains.length, (connection) => refreshChain(chains[connection]?.refresh))
    },
  },
  {
    name: 'sign in',
    aim: { share: 0.95, missedSince: coresAreShared },
    ceiling: 'hashes',
    prepare: signInTogether,
  },
  {
    name: 'register',
    aim: { share: 0.95, missedSince: coresAreShared },
    ceiling: 'hashes',
    prepare: async (_stage, url) => load(url, signers, registerAgain),
  },
]

/** As many sign-ins as keep every core hashing. */
export async function signInTogether({ accounts }: Stage, url: string): Promise<Load> {
  return load(url, signers, (connection) => signInAs(accountAt(accounts, connection)))
}

function load(url: string, connections: number, connect: Load['connect']): Load {
  return { url, connections, connect }
}

function accountAt(accounts: readonly Account[], connection: number): Account {
  const account = accounts[connection % accounts.length]
  if (!account) throw new Error('Nobody has signed in')
  return account
}

function signInAs({ username }: Account): Request {
  return post('/api/token/', { username, password: seededPassword })
}

/** Each answer's refresh token is exchanged next. */
function refreshChain(first: string | undefined): Request {
  let refresh = first
  return {
    ...post('/api/token/refresh/', {}),
    setupRequest: (request) => ({ ...request, body: JSON.stringify({ refresh }) }),
    onResponse: (status, body) => {
      if (status === 200) refresh = JSON.parse(body).refresh
    },
  }
}

let registered = 0

/** A new name each time. */
function registerAgain(): Request {
  return {
    ...post('/api/register/', {}),
    setupRequest: (request) => {
      const username = `newcomer-${process.pid}-${++registered}`
      const body = { username, email: `${username}@post.example`, password: seededPassword }
      return { ...request, body: JSON.stringify(body) }
    },
  }
}

function post(path: string, body: object): Request {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', path, headers, body: JSON.stringify(body) }
}
