import { listEndpoints } from '@rollcall/contract'
import t from 'tap'
import { createServer } from '../support/server.ts'

const documents = [
  '/',
  '/handbook/',
  '/growing/',
  '/performance/',
  '/security/',
  '/set-password/',
  '/openapi.json',
  '/nowhere',
]

t.test('ASVS 3.7.2, 4.1.2: no answer leads elsewhere, with or without the slash', async (t) => {
  const { app, signUp } = await createServer(t)
  const { access, id } = await signUp('root', { is_superuser: true })
  const paths = [...listEndpoints().map(([, { path }]) => path.replace(':id', id)), ...documents]
  const authorization = `Bearer ${access}`
  const headers = { authorization, host: 'evil.example', origin: 'http://a.example' }
  for (const path of new Set(paths)) {
    for (const spelling of [path, path.replace(/(?<=.)\/$/, '')]) {
      for (const query of ['', '?next=https://evil.example', '?redirect=//evil.example']) {
        const answer = await app.inject({ url: spelling + query, headers })
        const { statusCode: status } = answer
        t.ok(status < 300 || status >= 400, `${spelling}${query} ${status}`)
        t.equal(answer.headers.location, undefined)
      }
    }
  }
})

t.test('ASVS 4.1.1: every answer with a body names its type and charset', async (t) => {
  const { call, signUp, app } = await createServer(t)
  const { access: token, id } = await signUp('root', { is_superuser: true })
  for (const [operationId, { method, path }] of listEndpoints()) {
    const answer = await call(method, path.replace(':id', id), { token, body: {} })
    if (answer.body === undefined) continue
    t.match(answer.headers['content-type'], /^[\w.+/-]+; charset=utf-8$/, operationId)
  }
  for (const path of documents) {
    const { headers } = await app.inject(path)
    t.match(headers['content-type'], /^[\w.+/-]+; charset=utf-8$/, path)
  }
})
