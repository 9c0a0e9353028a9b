import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

export type Schema = Readonly<Record<string, unknown>>

/** An operation of the OpenAPI document that the server serves. */
export interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly isOpen: boolean
  readonly parameters: readonly Parameter[]
  readonly body: Schema | undefined
  /** By status and media type; a status without a body has none. */
  readonly answers: ReadonlyMap<number, ReadonlyMap<string, ValidateFunction>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: Schema
}

interface OpenApi {
  readonly paths: Record<string, Record<string, OpenApiOperation>>
  readonly components: { readonly schemas: Record<string, Schema> }
}

interface OpenApiOperation {
  readonly operationId: string
  readonly security?: readonly object[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { content: Record<string, { schema: Schema }> }
  readonly responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

/** Reads the document of a running server. */
export async function readDocument(url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi
  const { schemas } = document.components
  const compile = createCompiler(schemas)
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      isOpen: operation.security?.length === 0,
      parameters: operation.parameters ?? [],
      body: resolve(operation.requestBody?.content['application/json']?.schema, schemas),
      answers: answersOf(operation, compile),
    })),
  )
}

function answersOf({ responses }: OpenApiOperation, compile: (schema: Schema) => ValidateFunction) {
  return new Map(
    Object.entries(responses).map(([status, { content = {} }]) => [
      Number(status),
      new Map(Object.entries(content).map(([type, { schema }]) => [type, compile(schema)])),
    ]),
  )
}

/** A member that is not declared is as wrong as one that is missing. */
function createCompiler(schemas: Readonly<Record<string, Schema>>) {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  for (const [name, schema] of Object.entries(schemas)) {
    // It is extended where it is used, and closed there.
    const isExtended = name === 'Problem'
    ajv.addSchema(isExtended ? schema : close(schema), `#/components/schemas/${name}`)
  }
  return (schema: Schema) => ajv.compile({ allOf: [schema], unevaluatedProperties: false })
}

function close(schema: Schema): Schema {
  const isOpen = 'properties' in schema && !('additionalProperties' in schema)
  return { ...schema, ...(isOpen && { additionalProperties: false }) }
}

/** With what it refers to put in its place; the documents of a body are not recursive. */
function resolve(
  schema: Schema | undefined,
  schemas: Readonly<Record<string, Schema>>,
): Schema | undefined {
  if (schema === undefined) return undefined
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    const name = value?.$ref?.replace('#/components/schemas/', '')
    return name === undefined ? value : resolve(schemas[name], schemas)
  })
}
