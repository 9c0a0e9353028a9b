import type { Call } from '../caller.ts'
import type { Random } from '../seed/random.ts'
import type { Operation, Parameter, Schema } from './document.ts'
import { hostileTexts } from './hostile.ts'
import { type Memory, validValue, wrongValue } from './values.ts'

/** How far from what the operation wants. */
export type Kind = 'valid' | 'nearly valid' | 'hostile'

/** A request, and for whom it is sent: the token is put in when it is. */
export interface Made extends Call {
  readonly operation: Operation
  readonly kind: Kind
}

const kinds: readonly Kind[] = ['valid', 'valid', 'nearly valid', 'hostile']

/** Makes up the next request: the same random numbers and answers make the same one. */
export function makeRequest(
  operations: readonly Operation[],
  random: Random,
  memory: Memory,
): Made {
  const operation = random.pick(operations)
  const kind = random.pick(kinds)
  const parts = partsOf(operation, random, memory)
  if (kind === 'valid') return { ...toCall(parts), operation, kind }
  const changes = kind === 'hostile' ? 1 + random.below(3) : 1
  const spoil = kind === 'hostile' ? hostileChanges : nearChanges
  for (let change = 0; change < changes; change += 1) random.pick(spoil)(parts, random)
  return { ...toCall(parts), operation, kind }
}

/** What a request is put together from. */
interface Parts {
  method: string
  path: string
  params: Record<string, string>
  /** Text in a query is sent as it is here. */
  query: string[]
  headers: Record<string, string | string[]>
  body: unknown
  readonly schema: Schema | undefined
}

function partsOf(operation: Operation, random: Random, memory: Memory): Parts {
  const { method, path, parameters, body: schema } = operation
  const textFor = ({ name, schema }: Parameter) => String(validValue(schema, name, random, memory))
  const inPlace = (place: Parameter['in']) =>
    parameters.filter((each) => each.in === place && (each.required || random.next() < 0.3))
  return {
    method,
    path,
    params: Object.fromEntries(inPlace('path').map((each) => [each.name, textFor(each)])),
    query: inPlace('query').map((each) => `${each.name}=${encode(textFor(each))}`),
    headers: Object.fromEntries(
      inPlace('header').map(({ name }) => [name, random.pick(['"1"', '"2"', '*', 'W/"1"'])]),
    ),
    body: schema && validValue(schema, '', random, memory),
    schema,
  }
}

function toCall({ method, path, params, query, headers, body }: Parts): Call {
  const filled = path.replace(/\{(\w+)\}/g, (_part, name) => params[name] ?? '')
  return {
    method,
    path: query.length > 0 ? `${filled}?${query.join('&')}` : filled,
    headers,
    ...(body !== undefined && { body }),
  }
}

/** A lone surrogate cannot be encoded; the three bytes that it would be stand for it. */
function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
}

type Change = (parts: Parts, random: Random) => void

function membersOf(parts: Parts): [Record<string, unknown>, string[]] {
  const isObject = typeof parts.body === 'object' && parts.body !== null
  const body = (isObject ? parts.body : {}) as Record<string, unknown>
  return [body, Object.keys((parts.schema?.properties ?? {}) as object)]
}

/** One thing wrong with the body, or with the query where there is no body. */
const nearChanges: readonly Change[] = [
  (parts, random) => {
    const [body, members] = membersOf(parts)
    if (members.length > 0) body[random.pick(members)] = wrongValue(random)
    else parts.query.push(`${random.pick(queryNames)}=${encode(random.pick(hostileTexts))}`)
  },
  (parts, random) => {
    const [body, members] = membersOf(parts)
    if (members.length > 0) delete body[random.pick(members)]
    else parts.query.push(...parts.query.slice(0, 1))
  },
  (parts, random) => {
    // Also of what is no object, such as a list, whose own length cannot be set to anything.
    const [body] = membersOf(parts)
    parts.body = { ...body, [random.pick(otherMembers)]: wrongValue(random) }
  },
  (parts, random) => {
    const [name] = Object.keys(parts.params)
    if (name) parts.params[name] = encode(random.pick(hostileTexts))
    else
      parts.query.push(`${random.pick(queryNames)}=${encode(JSON.stringify(wrongValue(random)))}`)
  },
]

const queryNames = [
  ...['search', 'ordering', 'limit', 'cursor', 'count', 'is_active', 'username', 'email'],
  ...['date_joined_after', 'last_login_before', 'phone_number', 'actor', 'action', 'before'],
  ...['unknown', '', 'search[]', 'search[a]', '__proto__', 'constructor', '%00'],
]

const otherMembers = [
  ...['id', 'is_staff', 'is_superuser', 'roles', 'password_hash', 'version', 'date_joined'],
  ...['constructor', 'prototype', 'toString', '', 'a.b', 'a/b', '0', 'length', 'unknown'],
]

const hostileChanges: readonly Change[] = [
  ...nearChanges,
  (parts, random) => {
    parts.body = wrongValue(random)
  },
  (parts, random) => {
    parts.body = random.pick(rawBodies)()
  },
  (parts, random) => {
    const text = JSON.stringify(parts.body ?? {})
    const at = random.below(text.length)
    parts.body = text.slice(0, at) + random.pick(['', '\\', '"', '\u0000', '}', ',', text])
  },
  (parts, random) => {
    Object.assign(parts.headers, random.pick(strangeHeaders))
  },
  (parts, random) => {
    parts.query.push(random.pick(rawQueries))
  },
  (parts, random) => {
    parts.method = random.pick([
      'GET',
      'HEAD',
      'OPTIONS',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'TRACE',
    ])
  },
  (parts, random) => {
    parts.path += random.pick(['/', '//', '..', '/../..', '%2e%2e/', '%00', ';a=b', '%ff', '\\'])
  },
  (parts, random) => {
    const [name = 'id'] = Object.keys(parts.params)
    parts.params[name] = random.pick([
      '',
      '.',
      '%zz',
      '%',
      '%ff',
      'a'.repeat(3_000),
      'me%2f',
      '{id}',
    ])
  },
]

/** Bytes that are no JSON, or JSON of a kind that nobody sends. */
const rawBodies: readonly (() => Buffer | string)[] = [
  () => '',
  () => ' ',
  () => 'null',
  () => '[]',
  () => '"text"',
  () => '{',
  () => '{}{}',
  () => "{'username': 'a'}",
  () => '{"username": NaN}',
  () => '{"username": 1e400, "limit": -0}',
  () => '{"username": "a", "username": "b"}',
  () => '{"__proto__": {"is_superuser": true}}',
  () => '{"constructor": {"prototype": {"is_superuser": true}}}',
  () => '\ufeff{}',
  () => '['.repeat(20_000),
  () => `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  () => `{${Array.from({ length: 3_000 }, (_, index) => `"k${index}":${index}`).join()}}`,
  () => JSON.stringify({ username: 'a'.repeat(60_000) }),
  () => JSON.stringify({ username: 'a'.repeat(70_000) }),
  () => Buffer.from('{"username": "\xff\xfe"}', 'latin1'),
  () => Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
  () => Buffer.from('{"username": "a"}', 'utf16le'),
  () => Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]),
  () => 'username=a&password=b',
]

const strangeHeaders: readonly Record<string, string | string[]>[] = [
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json;' },
  { 'content-type': 'application/jsonp' },
  { 'content-type': '/' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'a, b' },
  { 'if-match': '"' },
  { 'if-match': 'W/"1", "2", *' },
  { 'if-match': `"${'9'.repeat(400)}"` },
  { 'if-none-match': '*' },
  { authorization: 'Bearer' },
  { authorization: 'Bearer a b' },
  { authorization: 'Basic YTpi' },
  { authorization: `Bearer ${'a'.repeat(5_000)}` },
  { authorization: ['Bearer a', 'Bearer b'] },
  { cookie: 'rollcall_refresh=a; rollcall_refresh=b', 'x-rollcall-csrf': '1' },
  { cookie: '=; ;;=%ff' },
  { origin: 'null' },
  { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
  { accept: 'text/html;q=0' },
  { accept: '\u00ff' },
  { 'user-agent': '\u00ff'.repeat(2_000) },
  { 'x-forwarded-for': "'; DROP TABLE users; --" },
  { 'x-forwarded-host': 'elsewhere.example' },
  { 'x-http-method-override': 'DELETE' },
  { 'x-request-id': 'a'.repeat(1_000) },
  { range: 'bytes=0-1' },
  { te: 'trailers' },
  { 'accept-language': 'x'.repeat(3_000) },
  { 'idempotency-key': '\u00ff' },
]

const rawQueries: readonly string[] = [
  ...['&', '=', '?', '%', '%zz', '%00', '%ff%fe', 'limit', 'limit=', 'limit=0', 'limit=-1'],
  ...['limit=101', 'limit=1e2', 'limit=0x10', 'limit=1.5', 'limit=999999999999999999999'],
  ...['limit=1&limit=2', 'is_active=1', 'is_active=yes', 'is_active=True', 'count=true'],
  ...['ordering=password_hash', 'ordering=-', 'ordering=username,email', 'ordering=%00'],
  ...['cursor=a', 'cursor=%7B%7D', 'cursor=eyJhIjoxfQ', `cursor=${'A'.repeat(1_900)}`],
  ...['search=%22', 'search=a%22%20OR', 'search=***', `search=${'a%20'.repeat(90)}`],
  ...[`search=${'%F0%9F%98%80'.repeat(100)}`, `unknown=${'x'.repeat(8_000)}`],
  ...['search=%25%25%25', 'search=%5C', 'search=%C2%A0', 'search=a%00b', 'search=%ED%A0%80'],
]
