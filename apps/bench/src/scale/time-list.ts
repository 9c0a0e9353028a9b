import { bearer } from '../api.ts'
import { median } from '../statistics.ts'
import type { List } from './lists.ts'

export interface Timing {
  readonly p50Ms: number
  readonly worstMs: number
  /** How many accounts the answer holds. */
  readonly found: number
  readonly failed: number
}

const mostRequests = 15

/** Asks for the list again and again, one request at a time; the first one warms up. */
export async function measureList(
  server: string,
  access: string,
  list: List,
  seconds: number,
): Promise<Timing> {
  const asked = `${server}${list.path ?? '/api/users/'}?${new URLSearchParams(list.query)}`
  const url = await turnPages(asked, access, list.depth)
  const first = await time(url, access)
  const durations: number[] = []
  const endsAt = performance.now() + seconds * 1_000
  let failed = first.found === undefined ? 1 : 0
  while (durations.length < mostRequests && (durations.length < 3 || performance.now() < endsAt)) {
    const { durationMs, found } = await time(url, access)
    durations.push(durationMs)
    if (found === undefined) failed += 1
  }
  return {
    p50Ms: median(durations),
    worstMs: Math.max(first.durationMs, ...durations),
    found: first.found ?? 0,
    failed,
  }
}

/** The URL of the page so many pages on. */
async function turnPages(url: string, access: string, depth = 0): Promise<string> {
  let page = url
  for (let turned = 0; turned < depth; turned += 1) {
    const response = await fetch(page, { headers: bearer(access) })
    const { next } = (await response.json()) as { next: string | null }
    if (next === null) return page
    page = next
  }
  return page
}

async function time(url: string, access: string): Promise<{ durationMs: number; found?: number }> {
  const startedAt = performance.now()
  const response = await fetch(url, { headers: bearer(access) })
  const text = await response.text()
  const durationMs = performance.now() - startedAt
  if (!response.ok) return { durationMs }
  return { durationMs, found: (JSON.parse(text) as { results?: unknown[] }).results?.length ?? 1 }
}
