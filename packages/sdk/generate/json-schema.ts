import { comment } from './comment.ts'

/** As much of JSON Schema as the contract uses. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly description?: string
  readonly default?: unknown
}

/** The name that stands for a schema instead of its members, if it has one. */
export type NameOf = (schema: JsonSchema) => string | undefined

/** The schema as a TypeScript type. */
export function typeOf(schema: JsonSchema, nameOf: NameOf): string {
  const name = nameOf(schema)
  if (name) return name
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return unionOf(schema.enum)
  if (isAnything(schema)) return 'unknown'
  const types = [schema.type].flat()
  return types.map((type) => plainType({ ...schema, type }, nameOf)).join(' | ')
}

function isAnything({ description, ...keywords }: JsonSchema): boolean {
  return Object.keys(keywords).length === 0
}

export function unionOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' | ')
}

function plainType(schema: JsonSchema, nameOf: NameOf): string {
  switch (schema.type) {
    case 'null':
    case 'boolean':
    case 'number':
    case 'string':
      return schema.type
    case 'integer':
      return 'number'
    case 'array':
      if (schema.items) return `(${typeOf(schema.items, nameOf)})[]`
      break
    case 'object':
      return membersOf(schema, nameOf)
  }
  throw new Error(`The generator cannot print this schema yet: ${JSON.stringify(schema)}`)
}

/** The members of an object in braces, each with its doc comment. */
export function membersOf(schema: JsonSchema, nameOf: NameOf): string {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    return `${commentOf(member)}${name}${optional}: ${typeOf(member, nameOf)}\n`
  })
  const others = Object.values(schema.patternProperties ?? {}).map(
    (member) => `[key: string]: ${typeOf(member, nameOf)}\n`,
  )
  const all = [...members, ...others]
  return all.length > 0 ? `{\n${all.join('')}}` : 'object'
}

function commentOf({ description, default: fallback }: JsonSchema): string {
  return comment(
    description,
    fallback === undefined ? undefined : `@default ${JSON.stringify(fallback)}`,
  )
}
