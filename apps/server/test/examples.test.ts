import {
  alice,
  type Endpoint,
  exampleLink,
  exampleSession,
  exampleTokens,
  isStream,
  listEndpoints,
} from '@rollcall/contract'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import t from 'tap'
import { createServer, password } from './support/server.ts'

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)

for (const [operationId, endpoint] of listEndpoints()) {
  await t.test(`the example of ${operationId} works as written`, async (t) => {
    const { example } = endpoint
    const [status, schema] = endpoint.response
    const { call, signUp, client } = await createServer(t)
    const root = await signUp('boss', { is_superuser: true })
    const live = operationId === 'register' ? undefined : await registerAlice()
    const ids: Record<string, string> = {
      [alice.id]: live?.id ?? '',
      [exampleSession.id]: live?.session_id ?? '',
    }

    const answer = await call(endpoint.method, urlOf(endpoint, ids), {
      token: tokenFor(endpoint) ?? '',
      ...(example.body && { body: withLiveValues(example.body) }),
    })
    t.equal(answer.status, status)
    if (isStream(schema)) {
      const [type = ''] = String(answer.headers['content-type']).split(';')
      return t.equal(answer.body.split('\n')[0], schema.mediaTypes[type]?.example.split('\n')[0])
    }
    if (!schema) return t.same([answer.body, example.response], [undefined, undefined])
    t.same(violations(schema, answer.body), [], 'the answer fits its schema')
    t.same(violations(schema, example.response), [], 'the example fits its schema')
    t.same(membersOf(answer.body), membersOf(example.response), 'both have the same members')

    async function registerAlice() {
      const { id } = await client().register({
        ...{ username: alice.username, email: alice.email, password },
        ...{ first_name: alice.first_name, last_name: alice.last_name },
      })
      const body = { username: 'alice', password }
      const path = `/api/users/${id}/password-link/`
      const link = (await call('POST', path, { token: root.access })).body
      const tokens = (await call('POST', '/api/token/', { body })).body
      const sessions = await call('GET', '/api/sessions/', { token: tokens.access })
      return { id, link, session_id: sessions.body.results[0].id, ...tokens }
    }

    function tokenFor({ access }: Endpoint): string | undefined {
      if (access.kind === 'anyone') return undefined
      return access.kind === 'permission' ? root.access : live?.access
    }

    function withLiveValues(body: Record<string, unknown>): unknown {
      const text = JSON.stringify(body)
      return JSON.parse(
        text
          .replaceAll(alice.id, live?.id)
          .replaceAll(secretOf(exampleLink), live && secretOf(live.link))
          .replaceAll(exampleTokens.access, live?.access)
          .replaceAll(exampleTokens.refresh, live?.refresh),
      )
    }
  })
}

/** Ids of rows that every database has, such as the roles made with it, stay as they are. */
function urlOf({ path, example }: Endpoint, ids: Record<string, string>): string {
  const id = example.params?.id ?? ''
  return `${path.replace(':id', ids[id] ?? id)}?${new URLSearchParams(example.query)}`
}

function secretOf({ url }: { url: string }): string {
  return new URL(url).hash.slice(1)
}

function violations(schema: object, value: unknown) {
  const validate = ajv.compile(schema)
  return validate(value) ? [] : validate.errors
}

/** The members, but not those of maps, whose names are values. */
function membersOf(value: unknown): string[] {
  const members = Object.keys(value ?? {}).sort()
  return members.includes('register') ? ['register'] : members
}
