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
const database = new Database(path, { readonly: true })
const columns = Object.keys(User.properties)
  .map((name) =>
    name === 'last_login' ? `nullif(last_login, '${neverSignedIn}') AS ${name}` : name,
  )
  .join(', ')
const findUser = database.prepare(`SELECT ${columns} FROM users WHERE id = ?`)
const listUsers = database.prepare(
  `SELECT ${columns} FROM users ORDER BY date_joined DESC, id DESC LIMIT 50`,
)

const app = Fastify()

app.get<{ Params: { id: string } }>(
  '/api/users/:id/',
  { schema: { response: { 200: User } } },
  async (request) => {
    authenticate(request)
    return findUser.get(request.params.id)
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
    return { results: listUsers.all() }
  },
)

app.get('/readyz', async () => ({}))

function authenticate(request: FastifyRequest) {
  verify(request.headers.authorization?.slice('Bearer '.length) ?? '')
}

await app.listen({ host: '127.0.0.1', port: Number(port) })
