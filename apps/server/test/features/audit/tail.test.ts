import type { AuditEvent, AuditPage } from '@rollcall/contract'
import type { Test } from 'tap'
import { v7 } from 'uuid'
import { newId } from '../../../src/crypto.ts'
import { type DatabaseName, onEachDatabase } from '../../support/databases.ts'
import { createServer } from '../../support/server.ts'

const hourMs = 3_600_000

await onEachDatabase(async (t, database) => {
  await t.test(
    'on the newest page `previous` answers nothing until something has come',
    async (t) => {
      const { read, note } = await createTrail(t, database)
      const settled = await note(idAgo(hourMs))
      const page = await read('?action=role.deleted')
      t.same(idsOf(page), [settled])
      const polled = await read(page.previous)
      t.same(idsOf(polled), [])
      const again = await read(polled.previous)
      t.same(idsOf(again), [])
      const fresh = await note()
      t.same(idsOf(await read(again.previous)), [fresh])
    },
  )

  await t.test('it works on an empty page, and where a filter finds nothing yet', async (t) => {
    const { read, note } = await createTrail(t, database)
    const page = await read('?action=role.deleted&limit=5')
    t.same(idsOf(page), [])
    t.equal(page.next, null)
    const fresh = await note()
    const polled = await read(page.previous)
    t.same(idsOf(polled), [fresh])
    t.match(Object.fromEntries(new URL(polled.previous).searchParams), {
      action: 'role.deleted',
      limit: '5',
    })
  })

  await t.test(
    'an event that is committed after a younger one is answered all the same',
    async (t) => {
      const { read, note } = await createTrail(t, database)
      const before = idAgo(1)
      const young = await note()
      const page = await read('?action=role.deleted')
      t.same(idsOf(page), [young])
      await note(before)
      t.ok(idsOf(await read(page.previous)).includes(before))
    },
  )

  await t.test('who follows misses none, however many come and however they come', async (t) => {
    const { read, note } = await createTrail(t, database)
    const first = await read('?action=role.deleted&limit=3')
    const made: string[] = []
    const seen = new Map<string, AuditEvent>()
    let page = first
    const follow = async () => {
      for (let size = 3; size === 3; ) {
        page = await read(page.previous)
        size = page.results.length
        for (const event of page.results) seen.set(event.id, event)
      }
    }
    for (const count of [0, 1, 7, 0, 4]) {
      const ids = Array.from({ length: count }, () => newId())
      for (const id of ids.toReversed()) made.push(await note(id))
      await follow()
    }
    t.same([...seen.keys()].sort(), made.sort())
  })

  await t.test('what is settled comes once, oldest pages first', async (t) => {
    const { read, note } = await createTrail(t, database)
    const start = await read('?action=role.deleted&limit=2')
    const ids: string[] = []
    for (let hour = 5; hour > 0; hour -= 1) ids.push(await note(idAgo(hour * hourMs)))
    const pages: string[][] = []
    let page = start
    for (let index = 0; index < 4; index += 1) {
      page = await read(page.previous)
      pages.push(idsOf(page).toReversed())
    }
    t.same(pages, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), []])
  })

  await t.test('the history of an account is followed in the same way', async (t) => {
    const { call, signUp } = await createTrail(t, database)
    const { access: token } = await signUp('alice')
    const read = async (path: string): Promise<AuditPage> =>
      (await call('GET', path, { token })).body
    const page = await read('/api/users/me/audit/')
    const body = { first_name: 'Alice' }
    await call('PATCH', '/api/users/me/', { token, body })
    const { pathname, search } = new URL(page.previous)
    t.equal(pathname, '/api/users/me/audit/')
    const [newest] = (await read(pathname + search)).results
    t.equal(newest?.action, 'user.updated')
  })
})

/** A server whose trail the test writes, as events of roles that were deleted. */
async function createTrail(t: Test, database: DatabaseName) {
  const server = await createServer(t, { database })
  const { call, signUp, store, clock } = server
  const root = await signUp('root', { is_superuser: true })

  /** The page at a link, or of a query. */
  async function read(link: string): Promise<AuditPage> {
    const { search } = new URL(link, 'http://rollcall.test/')
    return (await call('GET', `/api/audit/${search}`, { token: root.access })).body
  }

  async function note(id = newId()): Promise<string> {
    const nobody = { actorId: null, actorSessionId: null, ip: null, userAgent: null }
    const row = { ...nobody, targetType: null, targetId: null, requestId: null, details: '{}' }
    const at = clock.now().toISOString()
    await store.write((tx) =>
      tx.insert(store.tables.auditEvents).values({ id, at, action: 'role.deleted', ...row }),
    )
    return id
  }

  return { ...server, root, read, note }
}

/** An id as it was made so long ago. */
function idAgo(milliseconds: number): string {
  return v7({ msecs: Date.now() - milliseconds })
}

function idsOf({ results }: AuditPage): string[] {
  return results.map(({ id }) => id)
}
