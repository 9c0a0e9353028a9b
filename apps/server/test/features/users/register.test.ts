import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

const body = { username: 'alice', email: 'alice@example.com', password }

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database })
  const { call, store } = server
  const register = (changes: object) =>
    call('POST', '/api/register/', { body: { ...body, ...changes } })
  const countUsers = () => store.read.$count(store.tables.users)

  await t.test('201 answers the account without any secret', async (t) => {
    const address = '1 Rabbit Hole\nOxford'
    const answer = await register({
      first_name: 'Alice',
      phone_number: '+44 20 7946 0958',
      address,
    })
    t.equal(answer.status, 201)
    const { id, date_joined: joined, ...rest } = answer.body
    t.same(rest, {
      username: 'alice',
      email: 'alice@example.com',
      first_name: 'Alice',
      last_name: null,
      phone_number: '+442079460958',
      address,
      is_active: true,
      is_staff: false,
      is_superuser: false,
      roles: [],
      last_login: null,
    })
    t.equal(answer.headers.location, `http://rollcall.test/api/users/${id}/`)
    t.equal(joined, server.clock.now().toISOString())
    t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })

  await t.test('ASVS 11.4.2: the password is kept as argon2id', async (t) => {
    const [row] = await store.read.select().from(store.tables.users)
    t.match(row?.passwordHash, /^\$argon2id\$v=19\$/)
    t.notOk(JSON.stringify(row).includes(password))
  })

  await t.test('flags are ignored: nobody makes themselves staff', async (t) => {
    const flags = { is_staff: true, is_superuser: true, is_active: false, id: 'mine' }
    const answer = await register({ username: 'eve', email: 'eve@example.com', ...flags })
    t.equal(answer.status, 201)
    t.match(answer.body, { is_staff: false, is_superuser: false, is_active: true })
  })

  await t.test('a national number is given back as entered where no region is set', async (t) => {
    const answer = await register({
      username: 'bob',
      email: 'bob@example.com',
      phone_number: '1234567890',
    })
    t.equal(answer.body.phone_number, '1234567890')
  })

  await t.test(
    '400 a name or address is unique whatever the case and the Unicode form',
    async (t) => {
      const before = await countUsers()
      const again = await register({ username: 'ＡLICE', email: 'ALICE@EXAMPLE.COM' })
      t.equal(again.status, 400)
      t.same(fieldCodes(again), { username: 'unique', email: 'unique' })
      t.equal(await countUsers(), before)
    },
  )

  await t.test(
    '400 nobody takes another’s address as a username, nor a name as an address',
    async (t) => {
      const squatter = await register({ username: 'alice@example.com', email: 'x@example.com' })
      t.same(fieldCodes(squatter), { username: 'unique' })
      const own = await register({ username: 'me@example.com', email: 'me@example.com' })
      t.equal(own.status, 201, 'the own address serves as a name')
    },
  )

  await t.test('400 reports every field at once', async (t) => {
    const answer = await call('POST', '/api/register/', {
      body: { username: 'a b', phone_number: 7 },
    })
    t.equal(answer.status, 400)
    t.equal(answer.body.code, 'validation_failed')
    t.same(fieldCodes(answer), {
      email: 'required',
      password: 'required',
      username: 'invalid',
      phone_number: 'invalid',
    })
  })

  await t.test('400 a weak password is refused with the reason', async (t) => {
    const reasons = {
      short7c: 'password_too_short',
      password123: 'password_too_common',
      'Rollcall2026!': 'password_too_common',
      carol123: 'password_too_similar',
    }
    for (const [weak, code] of Object.entries(reasons)) {
      const answer = await register({
        username: 'carol',
        email: 'carol@example.org',
        password: weak,
      })
      t.equal(answer.status, 400)
      t.same(fieldCodes(answer), { password: code }, weak)
    }
  })

  await t.test('400 reserved usernames and bad numbers are refused', async (t) => {
    const reserved = await register({ username: 'Admin', email: 'a@example.com' })
    t.same(fieldCodes(reserved), { username: 'invalid' })
    const number = await register({ username: 'nr', email: 'nr@example.com', phone_number: '+1 2' })
    t.same(fieldCodes(number), { phone_number: 'invalid' })
  })

  await t.test('ASVS 2.3.4: of 32 parallel registrations of one name one succeeds', async (t) => {
    const attempts = Array.from({ length: 32 }, (_, index) =>
      register({ username: 'rush', email: `rush${index}@example.com` }),
    )
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    t.equal(statuses.filter((status) => status === 201).length, 1)
    t.equal(statuses.filter((status) => status === 400).length, 31)
  })
})
