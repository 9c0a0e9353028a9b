import type { RecordedCall } from '../../calls.ts'
import { type Operation, operations } from '../../generated/operations.gen.ts'

interface Match {
  readonly operation: Operation
  readonly params: readonly string[]
}

/** Which operation a call was, by its method and path. Fixed paths win over those with an id. */
export function matchOf({ method, path }: RecordedCall): Match | undefined {
  const [pathname = ''] = path.split('?', 1)
  const matches = operations.flatMap((operation) => {
    if (operation.method !== method) return []
    const found = patternOf(operation.path).exec(pathname)
    return found ? [{ operation, params: found.slice(1).map(decodeURIComponent) }] : []
  })
  return matches.sort((a, b) => a.params.length - b.params.length)[0]
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '([^/]+)')}$`)
}

/** The call as a program with the SDK makes it. */
export function sdkCall(call: RecordedCall): string {
  const match = matchOf(call)
  if (!match) return `// ${call.method} ${call.path}`
  const { operation, params } = match
  const query = Object.fromEntries(new URLSearchParams(call.path.split('?')[1]))
  const given = [
    ...params.map((param) => JSON.stringify(param)),
    ...(operation.takes === 'body' ? [print(call.body ?? {})] : []),
    ...(operation.takes === 'query' && hasMembers(query) ? [print(typed(query))] : []),
  ]
  if (call.ifMatch !== undefined) {
    if (operation.takes === 'query' && !hasMembers(query)) given.push('{}')
    given.push(print({ ifMatch: call.ifMatch }))
  }
  return `await client.${operation.id}(${given.join(', ')})`
}

/** The call as it is made at a command line; the token comes from a variable. */
export function curlCall(call: RecordedCall, origin: string): string {
  const lines = [`curl -X ${call.method} ${shellQuoted(origin + call.path)}`]
  if (call.needsToken) lines.push('-H "Authorization: Bearer $ACCESS_TOKEN"')
  if (call.ifMatch !== undefined) lines.push(`-H ${shellQuoted(`If-Match: ${call.ifMatch}`)}`)
  if (call.body !== undefined) {
    lines.push(
      "-H 'Content-Type: application/json'",
      `-d ${shellQuoted(JSON.stringify(call.body))}`,
    )
  }
  return lines.join(' \\\n  ')
}

/** Nothing within is read by the shell, whatever it is. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** An object as people write it in code: names without quotes where they can be. */
function print(value: unknown): string {
  const json = JSON.stringify(value, null, 2)
  const code = json.replace(/^(\s*)"([a-z_]\w*)":/gim, '$1$2:')
  return code.length < 70 && !code.includes('\\n') ? code.replace(/\n\s*/g, ' ') : code
}

function hasMembers(value: object): boolean {
  return Object.keys(value).length > 0
}

/** In an address all is text; the SDK takes numbers and flags as such. */
function typed(query: Readonly<Record<string, string>>): Record<string, unknown> {
  const typedMembers = /^(is_\w+|count|limit)$/
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      typedMembers.test(name) ? JSON.parse(value) : value,
    ]),
  )
}
