import { type ClientOptions, createClient } from '../src/index.ts'
import { createFakeServer } from './fake-server.ts'

/** A client of a fake server, signed in as alice at the instant 0, and the clock to move. */
export async function signIn(options: Partial<ClientOptions> = {}) {
  const server = createFakeServer()
  const clock = { now: 0 }
  /** How long the client would have waited, in place of waiting. */
  const waits: number[] = []
  const newClient = () =>
    createClient({
      baseUrl: 'http://rollcall.test',
      fetch: server.fetch,
      now: () => clock.now,
      sleep: async (ms) => void waits.push(ms),
      ...options,
    })
  const client = newClient()
  await client.auth.signIn({ username: 'alice', password: 'correct-horse-battery' })
  return { server, clock, waits, client, newClient }
}

export const me = 'GET /api/users/me/'
export const refresh = 'POST /api/token/refresh/'
export const logout = 'POST /api/logout/'
