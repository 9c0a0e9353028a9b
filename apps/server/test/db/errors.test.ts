import { inspect } from 'node:util'
import { DrizzleQueryError } from 'drizzle-orm'
import t from 'tap'
import { isUnavailable, isUniqueViolation, withoutValues } from '../../src/db/errors.ts'
import { createUsersRepository } from '../../src/features/users/repository.ts'
import { onEachDatabase } from '../support/databases.ts'
import { createStore, failureOf, newUser } from './stores.ts'

await onEachDatabase(async (t, database) => {
  const store = await createStore(t, database)
  const repository = createUsersRepository(store.tables)
  const insert = (name: string, members = {}) =>
    store.write((tx) => repository.insert(tx, newUser(name, members)))
  await insert('alice')

  await t.test('a taken value is told by its column', async (t) => {
    const username = await failureOf(insert('bob', { usernameKey: 'alice' }))
    t.ok(isUniqueViolation(username, 'username_key'))
    t.notOk(isUniqueViolation(username, 'email_key'))
    const email = await failureOf(insert('bob', { emailKey: 'alice@example.com' }))
    t.ok(isUniqueViolation(email, 'email_key'))
    t.notOk(isUniqueViolation(email, 'username_key'))
    t.notOk(isUnavailable(email), 'and trying again does not help')
  })

  await t.test('another broken constraint is no taken value', async (t) => {
    // A row without a name is what no type allows.
    const nameless = { username: null as unknown as string }
    const failure = await failureOf(insert('bob', nameless))
    t.type(failure, Error)
    t.notOk(isUniqueViolation(failure, 'username'))
    t.notOk(isUnavailable(failure))
  })

  await t.test('what is logged of a failure holds no value of the row', async (t) => {
    for (const members of [{ emailKey: 'alice@example.com' }, { username: null }]) {
      const failure = await failureOf(insert('bob', { passwordHash: 'a-secret-hash', ...members }))
      const logged = inspect(withoutValues(failure), { depth: 9 })
      t.notMatch(logged, /a-secret-hash|@example\.com/)
      t.match(logged, /23505|23502|SQLITE_CONSTRAINT/, 'and says what has failed')
    }
  })
})

t.test('errors that pass by themselves are told from those that do not', async (t) => {
  const codes = {
    passing: [
      'SQLITE_BUSY',
      'SQLITE_BUSY_SNAPSHOT',
      'SQLITE_FULL',
      'SQLITE_IOERR_FSYNC',
      'SQLITE_CANTOPEN',
      // Too many connections, out of memory, shutting down, starting, a lost connection.
      ...['53300', '53200', '57P01', '57P03', '08006'],
      // A statement or a lock that took too long, a deadlock, a transaction that stood still.
      ...['57014', '55P03', '40P01', '40001', '25P03'],
      ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'],
      ...['EHOSTUNREACH', 'ENETUNREACH'],
    ],
    lasting: [
      'SQLITE_CORRUPT',
      'SQLITE_ERROR',
      'SQLITE_READONLY',
      '23505',
      '42P01',
      '25006',
      'ENOENT',
    ],
  }
  for (const code of codes.passing) t.ok(isUnavailable(withCode(code)), code)
  for (const code of codes.lasting) t.notOk(isUnavailable(withCode(code)), code)
})

t.test('the cause tells, however deep it lies', async (t) => {
  const wrapped = new Error('outer', { cause: new DrizzleQueryError('q', [], withCode('57P01')) })
  t.ok(isUnavailable(wrapped))
  t.ok(isUniqueViolation(new Error('outer', { cause: uniqueViolation() }), 'users_email_key'))
})

t.test('what is no error, or none of a database, is neither', async (t) => {
  for (const thrown of [undefined, null, 'text', 42, {}, new Error('SQLITE_BUSY')]) {
    t.notOk(isUnavailable(thrown))
    t.notOk(isUniqueViolation(thrown, 'email_key'))
  }
})

t.test('an error of the program is logged as it is', async (t) => {
  const error = new Error('outer', { cause: new TypeError('inner') })
  t.equal(withoutValues(error), error)
})

function withCode(code: string): Error {
  return Object.assign(new Error('something'), { code })
}

function uniqueViolation(): Error {
  return Object.assign(new Error('duplicate'), { code: '23505', constraint: 'users_email_key' })
}
