import type { AuditPage, HistoryQuery } from '@rollcall/contract'
import { deriveKey, settledId, signText, verifyText } from '../../crypto.ts'
import { invalidFields } from '../../problem.ts'
import type { AuditFilter } from './repository.ts'
import type { AuditService } from './service.ts'

const defaultLimit = 50

export type AuditPages = ReturnType<typeof createAuditPages>

/** Reads the trail page by page, newest first; a page costs the same however old it is. */
export function createAuditPages(dependencies: {
  audit: AuditService
  secret: string
  publicUrl: string
}) {
  const { audit, publicUrl } = dependencies
  const key = deriveKey(dependencies.secret, 'audit-cursors')

  return {
    /** `path` is where the page is served; `query` is repeated in its links. */
    async list(path: string, query: HistoryQuery, filter: AuditFilter): Promise<AuditPage> {
      const from = query.cursor === undefined ? undefined : readCursor(query.cursor)
      const limit = query.limit ?? defaultLimit
      const events = await audit.list({ filter, from, limit })
      const hasMore = events.length > limit
      const results = events.slice(0, limit)
      const isNewer = from?.direction === 'newer'
      if (isNewer) results.reverse()
      const isNewest = isNewer ? !hasMore : from === undefined
      const newest = results.at(0)?.id ?? from?.id ?? beforeAll
      const last = results.at(-1)?.id ?? from?.id
      const link = (direction: 'older' | 'newer', id: string) =>
        linkTo(path, query, signText(key, `${direction} ${id}`))
      return {
        results,
        next: last && (isNewer || hasMore) ? link('older', last) : null,
        // Beside the newest event one may still be committed that is older.
        previous: link('newer', isNewest ? oldest(newest, settledId()) : newest),
      }
    },
  }

  function readCursor(cursor: string) {
    const [direction, id] = verifyText(key, cursor)?.split(' ') ?? []
    if (!id || (direction !== 'older' && direction !== 'newer')) throw invalidFields(badCursor)
    return { direction, id } as const
  }

  function linkTo(path: string, query: HistoryQuery, cursor: string): string {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
    parameters.set('cursor', cursor)
    return `${publicUrl}${path}?${parameters}`
  }
}

/** Older than every event. */
const beforeAll = '00000000-0000-0000-0000-000000000000'

function oldest(left: string, right: string): string {
  return left < right ? left : right
}

const badCursor = {
  field: 'cursor',
  code: 'invalid',
  detail: 'Take the cursor from `next` or `previous` of a page.',
} as const
