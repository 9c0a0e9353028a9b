import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  auditActions,
  type Endpoint,
  listEndpoints,
  NewRole,
  NewUser,
  UserPatch,
} from '@rollcall/contract'

export interface GeneratedFile {
  readonly url: URL
  readonly text: string
}

/** The files under `src/generated` as the contract wants them, not yet written. */
export function generate(): GeneratedFile[] {
  return [
    file('rules.gen.ts', printRules()),
    file('operations.gen.ts', printOperations()),
    file('audit-actions.gen.ts', printAuditActions()),
  ]
}

/** The schemas of the bodies that the panel has forms for. */
const forms = { NewUser, UserPatch, NewRole }

function printRules(): string {
  const rules = Object.fromEntries(
    Object.entries(forms).map(([name, schema]) => [name, rulesOf(schema)]),
  )
  return `/** What the contract demands of one text of a form; lengths count code points. */
export interface Rule {
  readonly required?: true
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

export const rules = ${JSON.stringify(rules)} as const satisfies Record<string, Record<string, Rule>>
`
}

interface Schema {
  readonly type?: unknown
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

function rulesOf(schema: { properties: object; required?: readonly string[] }) {
  const texts = Object.entries<Schema>({ ...schema.properties }).filter(([, { type }]) =>
    [type].flat().includes('string'),
  )
  return Object.fromEntries(
    texts.map(([name, { minLength, maxLength, pattern }]) => {
      const required = schema.required?.includes(name) || undefined
      return [name, { required, minLength, maxLength, pattern }]
    }),
  )
}

function printOperations(): string {
  const rows = listEndpoints().map(([id, endpoint]) => JSON.stringify(rowOf(id, endpoint)))
  return `import type { OperationId, Permission } from '@rollcall/sdk'

/** An operation of the API, for the page that teaches it. */
export interface Operation {
  readonly id: OperationId
  readonly method: string
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly takes?: 'body' | 'query'
  /** Nobody needs to be signed in for it. */
  readonly isOpen?: true
  readonly permission?: Permission
}

export const operations: readonly Operation[] = [${rows.join(',\n')}]
`
}

function rowOf(id: string, { method, path, tag, summary, access, body, query }: Endpoint) {
  return {
    id,
    method,
    path,
    tag,
    summary,
    takes: body ? 'body' : query && 'query',
    isOpen: access.kind === 'anyone' || undefined,
    permission: 'permission' in access ? access.permission : undefined,
  }
}

function printAuditActions(): string {
  return `import type { AuditAction } from '@rollcall/sdk'

/** What each action of the audit trail means. */
export const auditActions: Readonly<Record<AuditAction, string>> = ${JSON.stringify(auditActions)}
`
}

const notice =
  '// Made from the API contract by `pnpm --filter @rollcall/admin generate`; never edited by hand.\n\n'

function file(name: string, text: string): GeneratedFile {
  const url = new URL(`../src/generated/${name}`, import.meta.url)
  return { url, text: format(notice + text) }
}

/** Formats as Biome does; from standard input, since it passes over `.gen.ts` files. */
function format(text: string): string {
  const biome = fileURLToPath(import.meta.resolve('@biomejs/biome/bin/biome'))
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path=generated.ts'], {
    cwd: new URL('../../..', import.meta.url),
    input: text,
    encoding: 'utf8',
  })
}
