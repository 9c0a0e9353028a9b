import { createStore } from './store.ts'

/** One call of the panel, without what is secret in it. What was answered is not kept. */
export interface RecordedCall {
  readonly number: number
  readonly at: string
  readonly method: string
  /** The path with its query. */
  readonly path: string
  readonly body?: unknown
  readonly ifMatch?: string
  readonly needsToken: boolean
  /** Absent where no answer came. */
  readonly status?: number
  readonly durationMs: number
}

const mostCalls = 100
let made = 0

/** The last calls of the panel, newest first; in memory alone. */
export const calls = createStore<readonly RecordedCall[]>([])

/** A `fetch` that records what it sends. */
export async function recordingFetch(url: string, init: RequestInit): Promise<Response> {
  const startedAt = performance.now()
  const call = describe(url, init)
  const record = (status?: number) => {
    const durationMs = Math.round(performance.now() - startedAt)
    calls.update((known) =>
      [{ ...call, status, durationMs }, ...without(known, call)].slice(0, mostCalls),
    )
  }
  try {
    const response = await fetch(url, init)
    record(response.status)
    return response
  } catch (error) {
    record()
    throw error
  }
}

/** What is asked for again and again stands in the list once. */
function without(
  known: readonly RecordedCall[],
  { method, path }: Pick<RecordedCall, 'method' | 'path'>,
) {
  return method === 'GET'
    ? known.filter((call) => call.method !== 'GET' || call.path !== path)
    : known
}

function describe(url: string, { method = 'GET', headers, body }: RequestInit) {
  const { pathname, search } = new URL(url)
  const sent = new Headers(headers)
  made += 1
  return {
    number: made,
    at: new Date().toISOString(),
    method,
    path: pathname + search,
    body: typeof body === 'string' ? redact(JSON.parse(body)) : undefined,
    ifMatch: sent.get('if-match') ?? undefined,
    needsToken: sent.has('authorization'),
  }
}

const secretMembers = /password|token|refresh|access|secret/

/** The body without its secrets, which the page of calls would show. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretMembers.test(name) ? '…' : redact(member),
    ]),
  )
}
