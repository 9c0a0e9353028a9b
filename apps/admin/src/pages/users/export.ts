import type { UserExportQuery } from '@rollcall/sdk'
import { client } from '../../client.ts'
import { perform } from '../../session/perform.ts'

export interface Progress {
  readonly rows: number
  readonly bytes: number
}

/** The progress is told so often at most, in milliseconds. */
const tellMs = 100

/** Reads an export as it comes, and counts what has come. */
export async function exportUsers(
  query: UserExportQuery,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
) {
  const response = await perform(() => client.users.export(query, { signal }))
  const countRows = createRowCounter(query.format === 'ndjson')
  const parts: Uint8Array<ArrayBuffer>[] = []
  let progress: Progress = { rows: 0, bytes: 0 }
  let toldAt = 0
  const reader = response.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || !value) break
    parts.push(value)
    progress = { rows: countRows(value), bytes: progress.bytes + value.length }
    if (Date.now() - toldAt < tellMs) continue
    toldAt = Date.now()
    onProgress(progress)
  }
  const type = response.headers.get('content-type') ?? ''
  const headings = query.format === 'ndjson' ? 0 : 1
  return { blob: new Blob(parts, { type }), rows: Math.max(0, progress.rows - headings) }
}

const [quote, lineFeed] = [0x22, 0x0a]

/** Counts line ends; those within the quotes of a CSV field are none, and NDJSON has none within. */
function createRowCounter(isNdjson: boolean) {
  let rows = 0
  let isQuoted = false
  return (bytes: Uint8Array): number => {
    for (const byte of bytes) {
      if (byte === quote && !isNdjson) isQuoted = !isQuoted
      else if (byte === lineFeed && !isQuoted) rows += 1
    }
    return rows
  }
}

export function saveFile(blob: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
