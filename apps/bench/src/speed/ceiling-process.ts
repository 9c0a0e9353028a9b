import { User } from '@rollcall/contract'
import { neverSignedIn } from '@rollcall/server/src/features/users/representation.ts'
import Database from 'better-sqlite3'
import { createVerifier } from 'fast-jwt'
import Fastify, { type FastifyRequest } from 'fastify'

const [path = '', publicKey = '', port = ''] = process.argv.slice(2)

/**
 * What a read costs at least on this stack, whoever writes it: a bare server
 * that verifies the same tokens, runs one prepared query on the same file and
 * serialises by the same schema. No session, no access rules, no headers.
 */
const verify = createVerifier({ key: publicKey, algorithms: ['EdDSA'], cache: 10_000 })
const none: unknown[] = []
const database = new Database(path, { readonly: true })
const columns = Object.keys(User.properties).map(columnOf).join(', ')
const findUser = database.prepare(`SELECT ${columns} FROM users WHERE id = ?`)
const listUsers = database.prepare(
  `SELECT ${columns} FROM users ORDER BY date_joined DESC, id DESC LIMIT 50`,
)

function columnOf(name: string): string {
  if (name === 'last_login') return `nullif(last_login, '${neverSignedIn}') AS ${name}`
  // Nobody holds a role here; the server asks for roles of those alone who do.
  return name === 'roles' ? `NULL AS ${name}` : name
}

const app = Fastify()

app.get<{ Params: { id: string } }>(
  '/api/users/:id/',
  { schema: { response: { 200: User } } },
  async (request) => {
    authenticate(request)
    return withoutRoles(findUser.get(request.params.id))
  },
)

app.get(
  '/api/users/',
  {
    schema: {
      response: {
        200: { type: 'object', properties: { results: { type: 'array', items: User } } },
      },
    },
  },
  async (request) => {
    authenticate(request)
    return { results: listUsers.all().map(withoutRoles) }
  },
)

app.get('/readyz', async () => ({}))

function withoutRoles(row: unknown): unknown {
  ;(row as { roles: unknown[] }).roles = none
  return row
}

function authenticate(request: FastifyRequest) {
  verify(request.headers.authorization?.slice('Bearer '.length) ?? '')
}

await app.listen({ host: '127.0.0.1', port: Number(port) })
