import { listEndpoints } from '@rollcall/contract'
import t from 'tap'
import { openApiDocument } from '../../src/documents/openapi.ts'
import { type PostmanItem, postmanCollection } from '../../src/documents/postman.ts'

const collection = postmanCollection(
  openApiDocument({ publicUrl: 'https://accounts.rollcall.test', version: '1.2.3' }),
)
const items = collection.item.flatMap((folder) => folder.item)
const ids = items.map(idOf)

function idOf({ name }: PostmanItem): string {
  return name.split(':')[0] ?? ''
}

function requestOf(id: string) {
  const item = items.find((candidate) => idOf(candidate) === id)
  if (!item) throw new Error(`${id} is not in the collection`)
  return item.request
}

t.test('the collection holds every operation once', async (t) => {
  t.same(
    [...ids].sort(),
    listEndpoints()
      .map(([id]) => id)
      .sort(),
  )
})

t.test('the run opens with a new account and ends with what destroys one', async (t) => {
  t.same(ids.slice(0, 2), ['register', 'token.create'])
  t.same(ids.slice(-3), ['logout', 'users.deleteMe', 'users.delete'])
})

t.test('the collection has the shape of Postman v2.1', async (t) => {
  t.equal(
    collection.info.schema,
    'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  )
  for (const { name, event, request } of items) {
    t.match(request, {
      method: /^(GET|POST|PUT|PATCH|DELETE)$/,
      url: { raw: /^\{\{baseUrl\}\}\//, host: ['{{baseUrl}}'], path: [String] },
      header: Array,
    })
    for (const { script } of event) t.match(script, { type: 'text/javascript', exec: [String] })
    t.equal(event.at(-1)?.listen, 'test', `${name} has a test`)
  }
})

t.test('every script is a program that can be read', async (t) => {
  for (const { event } of items) {
    for (const { script } of event) t.doesNotThrow(() => new Function(script.exec.join('\n')))
  }
})

t.test('every variable that is used is declared', async (t) => {
  const used = JSON.stringify(collection).matchAll(/\{\{(\w+)\}\}/g)
  const declared = collection.variable.map(({ key }) => key)
  t.same([...new Set([...used].map(([, name]) => name))].sort(), declared.sort())
})

t.test('no credential of an example is sent', async (t) => {
  t.match(requestOf('token.create').body?.raw, '"password": "{{password}}"')
  t.match(requestOf('token.refresh').body?.raw, '"refresh": "{{refresh}}"')
  t.match(requestOf('users.get').url.variable, [{ key: 'id', value: '{{user_id}}' }])
  t.match(requestOf('bulk.delete').body?.raw, '"{{user_id}}"')
  t.notMatch(JSON.stringify(collection), /correct-horse-battery|rcr_/)
})

t.test('open operations send no token', async (t) => {
  for (const [id, { access }] of listEndpoints()) {
    t.equal(requestOf(id).auth?.type, access.kind === 'anyone' ? 'noauth' : undefined, id)
  }
})

t.test('optional headers and parameters are there, switched off', async (t) => {
  t.match(requestOf('users.update').header.at(-1), { key: 'If-Match', disabled: true })
  t.match(requestOf('register').header.at(-1), { key: 'Idempotency-Key', disabled: true })
  const { url } = requestOf('users.list')
  t.equal(url.raw, '{{baseUrl}}/api/users/?search=alice&ordering=-date_joined&limit=10')
  t.match(
    url.query?.find(({ key }) => key === 'cursor'),
    { disabled: true },
  )
})
