import { type ExportFormat, User, type UserExportQuery } from '@rollcall/contract'
import type { Store } from '../../db/store.ts'
import type { AuditService } from '../audit/service.ts'
import type { Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import { csvRow } from './csv.ts'
import type { UserPages } from './pages.ts'

export type UserExporter = ReturnType<typeof createUserExporter>

/** Writes accounts out, page by page, as fast as they are read and never more than a page ahead. */
export function createUserExporter(dependencies: {
  store: Store
  pages: UserPages
  audit: AuditService
}) {
  const { store, pages, audit } = dependencies

  return {
    /** The file, part by part. What was read is noted before the last part is handed out. */
    write(query: UserExportQuery, actor: Principal): AsyncIterable<string> {
      requireRecent(actor)
      return parts(query, actor)
    },
  }

  async function* parts(
    { format = 'csv', ordering, ...filter }: UserExportQuery,
    actor: Principal,
  ): AsyncGenerator<string> {
    let count = 0
    let isNoted = false
    const note = async (isComplete: boolean) => {
      isNoted = true
      const details = { format, filter, count, complete: isComplete }
      await store.write((tx) => audit.record(tx, { action: 'users.exported', by: actor, details }))
    }
    try {
      let last = format === 'csv' ? header : ''
      for await (const page of pages.walk(filter, ordering)) {
        if (last) yield last
        last = page.map(writers[format]).join('')
        count += page.length
      }
      await note(true)
      yield last
    } finally {
      if (!isNoted) await note(false)
    }
  }
}

const members = Object.keys(User.properties) as (keyof User)[]

const header = csvRow(members)

const writers: Record<ExportFormat, (user: User) => string> = {
  csv: (user) => csvRow(members.map((member) => cellOf(user, member))),
  ndjson: (user) => `${JSON.stringify(user)}\n`,
}

function cellOf(user: User, member: keyof User): string | boolean | null {
  if (member === 'roles') return user.roles.map(({ name }) => name).join('; ')
  return user[member]
}
