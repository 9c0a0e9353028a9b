import type { AuditAction, AuditEvent, AuditPage, AuditQuery } from '@rollcall/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../client.ts'
import { auditActions } from '../../generated/audit-actions.gen.ts'
import { announce } from '../../notices.ts'
import { perform } from '../../session/perform.ts'
import { auditText } from '../../text/audit.ts'
import { cursorOf } from '../users/list.ts'
import type { AuditSearch } from './search.ts'

const pageSize = 50
const tailMs = 2_500

/** The filters as the API takes them. */
export function toQuery({ actor, target, action, after, before }: AuditSearch): AuditQuery {
  return {
    actor,
    target,
    action: action !== undefined && action in auditActions ? (action as AuditAction) : undefined,
    after: toInstant(after),
    before: toInstant(before),
  }
}

function toInstant(local: string | undefined): string | undefined {
  const date = new Date(local ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** The events that match, page by page towards the older ones. */
export function useEvents(query: AuditQuery) {
  return useInfiniteQuery({
    queryKey: ['audit', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      perform(() =>
        client.audit.list({ ...query, limit: pageSize, cursor: pageParam }, { signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => (next === null ? undefined : cursorOf(next)),
    // The tail brings what is new; the pages stay as they were read.
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/**
 * What has come since the newest page, as long as it is followed. Each answer names where the
 * next one begins, so that none is missed however many come.
 */
export function useTail(query: AuditQuery, newest: AuditPage | undefined, isLive: boolean) {
  const newestPage = newest?.previous ?? undefined
  const [events, setEvents] = useState<readonly AuditEvent[]>([])
  const from = useRef(newestPage)

  useEffect(() => {
    from.current = newestPage
    setEvents([])
  }, [newestPage])

  useEffect(() => {
    if (!isLive || newestPage === undefined) return
    let isOver = false
    async function follow() {
      const cursor = from.current && cursorOf(from.current)
      const page = await client.audit
        .list({ ...query, limit: pageSize, cursor })
        .catch(() => undefined)
      // What fails now may succeed in a moment; the lists show what is wrong.
      if (isOver || !page) return
      from.current = page.previous ?? from.current
      if (page.results.length === 0) return
      setEvents((known) => {
        // Events of the last seconds may come twice.
        const ids = new Set([...known, ...(newest?.results ?? [])].map(({ id }) => id))
        const fresh = page.results.filter(({ id }) => !ids.has(id))
        if (fresh.length > 0) announce(auditText.arrived(fresh.length))
        return [...fresh, ...known]
      })
    }
    const timer = setInterval(follow, tailMs)
    return () => {
      isOver = true
      clearInterval(timer)
    }
  }, [query, newest, newestPage, isLive])

  return events
}
