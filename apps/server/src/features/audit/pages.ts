import type { AuditPage, HistoryQuery } from '@rollcall/contract'
import { deriveKey, signText, verifyText } from '../../crypto.ts'
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
      const link = (direction: 'older' | 'newer', id: string | undefined) =>
        id ? linkTo(path, query, signText(key, `${direction} ${id}`)) : null
      return {
        results,
        next: isNewer || hasMore ? link('older', results.at(-1)?.id ?? from?.id) : null,
        previous: (isNewer ? hasMore : from) ? link('newer', results.at(0)?.id ?? from?.id) : null,
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

const badCursor = {
  field: 'cursor',
  code: 'invalid',
  detail: 'Take the cursor from `next` or `previous` of a page.',
} as const
