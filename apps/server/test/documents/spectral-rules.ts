import type { RulesetDefinition } from '@stoplight/spectral-core'
import type { Operation } from '../../src/documents/openapi.ts'

type Finding = { message: string }[]

/** What every operation of the document must have, as rules for Spectral. */
export const rules: RulesetDefinition = {
  rules: {
    'one-tag': ofOperation('has exactly one tag', ({ tags }) => tags?.length === 1),
    summary: ofOperation('has a summary', ({ summary }) => isText(summary)),
    description: ofOperation('has a description', ({ description }) => isText(description)),
    security: ofOperation('says who may call it', ({ security }) => Array.isArray(security)),
    'success-example': ofOperation('has an example of its success', hasSuccessExample),
    'body-example': ofOperation('has an example of its body', hasBodyExample),
    problems: ofOperation('names the codes of each problem, with examples', namesProblems),
    'unique-operation-id': rule('$.paths', findRepeatedIds),
  },
}

function ofOperation(claim: string, holds: (operation: Operation) => boolean) {
  return rule('$.paths[*][get,put,post,patch,delete]', (operation) =>
    holds(operation as Operation) ? [] : [{ message: `An operation ${claim}.` }],
  )
}

function rule(given: string, check: (value: unknown) => Finding) {
  // biome-ignore lint/suspicious/noThenProperty: Spectral calls it so.
  return { given, severity: 'error', then: { function: check } } as const
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function hasSuccessExample({ responses }: Operation): boolean {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  return (
    successes.length === 1 &&
    successes.every(([, { content }]) => Object.values(content ?? {}).every(hasExample))
  )
}

function hasBodyExample({ requestBody }: Operation): boolean {
  return Object.values(requestBody?.content ?? {}).every(hasExample)
}

function hasExample({ example }: { example?: unknown }): boolean {
  return example !== undefined
}

function namesProblems({ responses }: Operation): boolean {
  const failures = Object.entries(responses).filter(([status]) => !status.startsWith('2'))
  return failures.length > 0 && failures.every(([, { content }]) => namesCodes(content))
}

function namesCodes(content: Operation['responses'][string]['content']): boolean {
  const { schema, examples } = content?.['application/problem+json'] ?? {}
  const parts = Array.isArray(schema?.allOf) ? schema.allOf : []
  const codes = parts.map((part) => part.properties?.code?.enum).at(-1)
  return Array.isArray(codes) && codes.length > 0 && codes.every((code) => examples?.[code])
}

function findRepeatedIds(paths: unknown): Finding {
  const ids = Object.values(paths as Record<string, Record<string, Operation>>)
    .flatMap((path) => Object.values(path))
    .map(({ operationId }) => operationId)
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index)
  return repeated.map((id) => ({ message: `The operationId ${id} occurs more than once.` }))
}
