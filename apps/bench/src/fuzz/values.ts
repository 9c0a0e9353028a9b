import type { Random } from '../seed/random.ts'
import type { Schema } from './document.ts'
import { hostileTexts } from './hostile.ts'

/** What answers have held, by the name of the member: so that requests are about what exists. */
export type Memory = ReadonlyMap<string, readonly string[]>

/** A value that the schema allows, and that the server may well accept. */
export function validValue(schema: Schema, name: string, random: Random, memory: Memory): unknown {
  const { type, properties } = schema
  if (Array.isArray(schema.enum)) return random.pick(schema.enum)
  if ('const' in schema) return schema.const
  const types = [type].flat()
  if (types.includes('null') && random.next() < 0.2) return null
  if (properties) return validObject(schema, random, memory)
  if (types.includes('array')) return validArray(schema, name, random, memory)
  if (types.includes('boolean')) return random.next() < 0.5
  if (types.includes('integer')) return validInteger(schema, random)
  return validText(schema, name, random, memory)
}

function validObject(schema: Schema, random: Random, memory: Memory) {
  const required = (schema.required ?? []) as string[]
  const members = Object.entries(schema.properties as Record<string, Schema>)
  return Object.fromEntries(
    members
      .filter(([member]) => required.includes(member) || random.next() < 0.4)
      .map(([member, each]) => [member, validValue(each, member, random, memory)]),
  )
}

function validArray(schema: Schema, name: string, random: Random, memory: Memory): unknown[] {
  const length = Math.max(Number(schema.minItems ?? 0), random.below(4))
  const items = Array.from({ length }, () =>
    validValue((schema.items ?? {}) as Schema, name, random, memory),
  )
  return schema.uniqueItems ? [...new Set(items)] : items
}

function validInteger({ minimum = 0, maximum = 100 }: Schema, random: Random): number {
  const [least, most] = [Number(minimum), Number(maximum)]
  return least + random.below(most - least + 1)
}

function validText(schema: Schema, name: string, random: Random, memory: Memory): string {
  const known = memory.get(memberNames[name] ?? name)
  const isNew = isMadeUp.has(name) && random.next() < 0.5
  if (known && known.length > 0 && !isNew) return random.pick(known)
  const { format } = schema
  const word = random.below(2 ** 40).toString(36)
  if (format === 'email') return `${word}@post.example`
  if (format === 'uuid') return uuid(random)
  if (format === 'date-time') return new Date(random.below(2 ** 41)).toISOString()
  if (name.includes('password')) return `purple teapot ${word}`
  if (name === 'phone_number') return `+4479${String(random.below(1e8)).padStart(8, '0')}`
  const text = random.next() < 0.2 ? `${random.pick(scripts)}${word}` : `fuzz-${word}`
  return text.slice(0, Number(schema.maxLength ?? 100))
}

/** Under which name an answer holds what a request asks for. */
const memberNames: Readonly<Record<string, string>> = {
  actor: 'id',
  ids: 'id',
  role: 'id',
  roles: 'id',
  target: 'id',
  current_password: 'password',
  cursor: 'cursor',
  search: 'username',
  new_password: 'password',
}

/** Would mostly be taken already, or be the one in force. */
const isMadeUp = new Set(['username', 'email', 'password', 'new_password', 'name'])

const scripts = ['Ångström', 'Наталья', '田中', 'さくら', 'Οδυσσέας', 'ﬁ', 'İ', 'ß', '١٢٣']

function uuid(random: Random): string {
  const hex = (length: number) =>
    random
      .below(16 ** length)
      .toString(16)
      .padStart(length, '0')
  return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`
}

/** Members that every object seems to have. */
const inherited = ['toString', 'valueOf', 'then', 'hasOwnProperty', 'length']

/** A value in whose place something else was meant. */
export function wrongValue(random: Random): unknown {
  const text = () => random.pick(hostileTexts)
  const make = random.pick<() => unknown>([
    text,
    text,
    text,
    () => 'a'.repeat(random.pick([0, 1, 127, 128, 129, 254, 255, 1_000, 1_001, 4_096, 4_097])),
    () => '😀'.repeat(random.pick([7, 8, 64, 128, 129, 150, 151])),
    () => random.pick([0, -0, -1, 1, 1.5, 101, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308]),
    () => random.pick([true, false, null]),
    () => random.pick<unknown>([[], {}, [[]], [null], { length: 1 }, ['a', 'b'], [text(), text()]]),
    () => ({ [text()]: text() }),
    () => Object.fromEntries(inherited.map((name) => [name, text()])),
    () => Array.from({ length: random.pick([21, 1_000]) }, () => uuid(random)),
  ])
  return make()
}
