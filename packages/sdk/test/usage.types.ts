/** What callers may write, and what must not compile. Checked by `tsc`, never run. */
import {
  type ApiError,
  type Client,
  createClient,
  createClientOf,
  type FieldProblemCode,
  isApiError,
  type NetworkError,
  type OperationId,
  type ProblemCode,
  type ProblemCodes,
  type UnknownCode,
  type User,
  type UserPage,
} from '../src/index.ts'
import { auth, sessions, users } from '../src/parts.ts'

declare const client: Client
declare const error: unknown

// Options: `baseUrl` is all it takes.
createClient({ baseUrl: '' })
createClient({ baseUrl: '', fetch, storage: {} as Storage })
createClient({
  baseUrl: '',
  fetch: async (input: string | URL | Request) => new Response(`${input}`),
})
// @ts-expect-error it takes that
createClient({})

// Arguments: path parameters, then the body or the query, then the options.
export const user: Promise<User> = client.users.update(
  'id',
  { first_name: 'A' },
  { ifMatch: '"1"' },
)
export const nothing: Promise<void> = client.users.delete('id')
export const page: Promise<UserPage> = client.users.list()
export const file: Promise<Response> = client.users.export({ format: 'ndjson' })
// @ts-expect-error no such format
await client.users.export({ format: 'xml' })
// @ts-expect-error a file has no items
for await (const _ of client.users.export());
// @ts-expect-error what is done is no list either
for await (const _ of client.bulk.delete({ ids: [] }));
export const items: AsyncIterable<User> = client.users.list({ ordering: '-date_joined' })
// @ts-expect-error no such member
await client.users.update('id', { nickname: 'A' })
// @ts-expect-error of another type
await client.users.update('id', { is_active: 'yes' })
// @ts-expect-error no such ordering
await client.users.list({ ordering: 'password' })
// @ts-expect-error no id
await client.users.get()
// @ts-expect-error nothing to write over
await client.users.get('id', { ifMatch: '"1"' })
// @ts-expect-error required members are missing
await client.users.replace('id', { username: 'a' })
// @ts-expect-error one user is no list
for await (const _ of client.users.me());

// Lists: a page, items, pages, or all of them up to a bound.
export const all: Promise<User[]> = client.users.list().all({ max: 10 })
export const pages: AsyncIterable<UserPage> = client.users.list().pages()
// @ts-expect-error a million accounts are not taken by accident
await client.users.list().all()
// @ts-expect-error one user is no list
client.users.me().pages()

// Outcomes: the error is known to be of the operation.
const outcome = await client.users.get('id').safe()
if (outcome.ok) outcome.data satisfies User
else if (isApiError(outcome.error)) {
  outcome.error.code satisfies ProblemCodes['users.get'] | UnknownCode
  // @ts-expect-error the operation is never refused so
  outcome.error satisfies ApiError<'no_active_account'>
} else outcome.error satisfies NetworkError
const { data, error: failure } = await client.users.get('id').safe()
if (!failure) data satisfies User

// Parts: a client has what it is made of.
const slim = createClientOf({ auth, users }, { baseUrl: '' })
slim.users.me() satisfies Promise<User>
slim.auth.signOut() satisfies Promise<void>
// @ts-expect-error not among its parts
slim.roles
// @ts-expect-error the rows of another resource
createClientOf({ users: sessions }, { baseUrl: '' })

// Errors: an operation narrows to its codes; a switch over them leaves the unknown ones.
if (isApiError(error, 'users.me')) {
  switch (error.code) {
    case 'validation_failed':
    case 'parse_error':
    case 'not_authenticated':
    case 'token_not_valid':
    case 'throttled':
    case 'internal_error':
    case 'service_unavailable':
      break
    default:
      error.code satisfies UnknownCode
  }
}
if (isApiError(error, 'users.get')) {
  switch (error.code) {
    case 'not_found':
      break
    default:
      // @ts-expect-error the other codes of the operation are left
      error.code satisfies UnknownCode
  }
  // @ts-expect-error not a code of this operation, nor one that may come later
  error satisfies ApiError<'no_active_account'>
}
if (isApiError(error, 'not_found')) error.code satisfies 'not_found'
if (isApiError(error, 'unique')) error.code satisfies 'validation_failed'
if (isApiError(error)) error.fields[0]?.code satisfies FieldProblemCode | UnknownCode | undefined
// @ts-expect-error neither an operation nor a code
isApiError(error, 'users.lost')

// One name never means both an operation and a code, or `isApiError` could not tell them apart.
export const both: Extract<OperationId | FieldProblemCode, ProblemCode>[] = [] satisfies never[]
export const neither: Extract<OperationId, FieldProblemCode>[] = [] satisfies never[]
