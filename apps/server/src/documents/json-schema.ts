import { schemas } from '@rollcall/contract'
import type { TSchema } from 'typebox'

export interface JsonSchema {
  [keyword: string]: unknown
}

const names = new Map<unknown, string>(
  Object.entries(schemas).map(([name, schema]) => [schema, name]),
)

/** The schema as plain JSON: a reference where it has a name, and for each named one within. */
export function toJsonSchema(schema: TSchema): JsonSchema {
  return plain(schema) as JsonSchema
}

/** Every named schema, written out. */
export function namedJsonSchemas(): [name: string, schema: JsonSchema][] {
  return Object.entries(schemas).map(([name, schema]) => [name, plainMembers(schema)])
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const name = names.get(value)
  return name ? { $ref: `#/components/schemas/${name}` } : plainMembers(value)
}

/** TypeBox keeps its own marks in members that are not enumerable: they stay behind here. */
function plainMembers(value: object): JsonSchema {
  return describeMaps(
    describeEnums(
      Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)])),
    ),
  )
}

/** TypeBox writes an enum without a type; code generators want one. */
function describeEnums(schema: JsonSchema): JsonSchema {
  const isTextEnum =
    Array.isArray(schema.enum) && schema.enum.every((choice) => typeof choice === 'string')
  return isTextEnum ? { type: 'string', ...schema } : schema
}

/** TypeBox writes a map as a pattern that matches every key; readers know it by another name. */
function describeMaps({ patternProperties, ...schema }: JsonSchema): JsonSchema {
  if (!patternProperties) return schema
  return { ...schema, additionalProperties: Object.values(patternProperties)[0] }
}
