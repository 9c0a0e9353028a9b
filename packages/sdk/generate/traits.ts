import type { Endpoint } from '@rollcall/contract'
import type { JsonSchema } from './json-schema.ts'

/** Whether the answer is one page of a list, to be walked by its cursor. */
export function isPaged({ query, response: [, body] }: Endpoint): boolean {
  const page = body as JsonSchema | null
  return Boolean(page?.properties?.results && page.properties.next && query?.properties.cursor)
}

/** Whether the server honours an `Idempotency-Key` there. */
export function isKeyed(endpoint: Endpoint & { readonly idempotent?: true }): boolean {
  return endpoint.idempotent === true
}
