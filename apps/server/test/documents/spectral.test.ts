import { Spectral } from '@stoplight/spectral-core'
import t from 'tap'
import { type Operation, openApiDocument } from '../../src/documents/openapi.ts'
import { rules } from './spectral-rules.ts'

const document = openApiDocument({ publicUrl: 'https://accounts.rollcall.test', version: '1.2.3' })

async function lint(checked: object) {
  const spectral = new Spectral()
  spectral.setRuleset(rules)
  const findings = await spectral.run(JSON.stringify(checked))
  return findings.map(({ code, message, path }) => ({ code, message, path: path.join('/') }))
}

t.test("the document is clean under Rollcall's rules for operations", async (t) => {
  t.same(await lint(document), [])
})

const breakages: Record<string, (operation: Operation) => unknown> = {
  'one-tag': (operation) => Object.assign(operation, { tags: ['Users', 'Accounts'] }),
  summary: (operation) => Object.assign(operation, { summary: ' ' }),
  description: (operation) => Object.assign(operation, { description: undefined }),
  security: (operation) => Object.assign(operation, { security: undefined }),
  'success-example': ({ responses }) =>
    Object.assign(responses['201']?.content?.['application/json'] ?? {}, { example: undefined }),
  'body-example': ({ requestBody }) =>
    Object.assign(requestBody?.content['application/json'] ?? {}, { example: undefined }),
  problems: ({ responses }) =>
    Object.assign(responses['429']?.content?.['application/problem+json'] ?? {}, {
      schema: { $ref: '#/components/schemas/Problem' },
    }),
  'unique-operation-id': (operation) => Object.assign(operation, { operationId: 'logout' }),
}

for (const [rule, damage] of Object.entries(breakages)) {
  t.test(`the rule ${rule} notices what breaks it, and no other rule does`, async (t) => {
    const broken = structuredClone(document)
    const operation = broken.paths['/api/register/']?.post
    t.ok(operation)
    if (operation) damage(operation)
    t.same([...new Set((await lint(broken)).map(({ code }) => code))], [rule])
  })
}
