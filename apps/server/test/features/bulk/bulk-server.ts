import type { BulkOutcome, BulkResult } from '@rollcall/contract'
import type { Test } from 'tap'
import type { DatabaseName } from '../../support/databases.ts'
import { createServer, type TestOptions } from '../../support/server.ts'

/** A server with a superuser, and how to call a bulk action and look at what came of it. */
export async function createBulkServer(
  t: Test,
  database: DatabaseName,
  config: TestOptions['config'] = {},
) {
  const server = await createServer(t, { database, config })
  const { call, signUp, store } = server
  const root = await signUp('root', { is_superuser: true })

  /** Any answer to a bulk action; by the superuser unless somebody else calls. */
  const post = (action: string, body: unknown, token = root.access) =>
    call('POST', `/api/users/bulk/${action}/`, { body, token })

  /** The same where it must work. */
  async function bulk(action: string, body: unknown, token = root.access): Promise<BulkResult> {
    const answer = await post(action, body, token)
    t.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }

  /** So many accounts, oldest first. */
  async function signUpMany(count: number) {
    const made = []
    for (let index = 0; index < count; index += 1) made.push(await signUp())
    return made
  }

  async function eventsOf(action: string) {
    const rows = await store.read.select().from(store.tables.auditEvents)
    return rows
      .filter((row) => row.action === action)
      .map(({ actorId, targetId, details }) => ({ actorId, targetId, ...JSON.parse(details) }))
  }

  async function userOf(id: string) {
    const rows = await store.read.select().from(store.tables.users)
    return rows.find((row) => row.id === id)
  }

  /** An account that holds these permissions by a role of its own, signed in. */
  async function signUpHolder(name: string, permissions: string[]) {
    const account = await signUp(name)
    const role = { name: `role of ${name}`, permissions }
    const { id } = (await call('POST', '/api/roles/', { token: root.access, body: role })).body
    const body = { roles: [id] }
    await call('PUT', `/api/users/${account.id}/roles/`, { token: root.access, body })
    return { ...account, roleId: id as string }
  }

  return { ...server, root, post, bulk, signUpMany, signUpHolder, eventsOf, userOf }
}

/** What became of each, in short: `ok` or the code. */
export function codesOf(results: readonly BulkOutcome[]): string[] {
  return results.map(({ ok, code }) => (ok ? 'ok' : String(code)))
}

export const nobody = '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11'
