import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { listCommonPasswords, packCommonPasswords } from '../../../generate/passwords.ts'
import { commonPasswordsUrl } from '../../../src/features/passwords/common-passwords.ts'
import { createPolicy, type Profile } from '../../../src/features/passwords/policy.ts'

const alice: Profile = {
  username: 'alice.liddell',
  email: 'a.rabbit@wonderland.example',
  first_name: 'Charlotte',
  last_name: "O'Malley",
  phone_number: '+442079460958',
}
const { check } = createPolicy({ passwordPolicy: 'standard' })
const codeOf = async (password: string, profile = alice) =>
  (await check('password', password, profile))[0]?.code

const good = 'correct-horse-battery'

t.test('a good password is accepted', async (t) => {
  t.same(await check('password', good, alice), [])
})

t.test('a problem is reported under the name of the member, one at a time', async (t) => {
  t.match(await check('new_password', 'alice', alice), [
    { field: 'new_password', code: 'password_too_short', detail: 'Use at least 8 characters.' },
  ])
  t.equal((await check('new_password', 'password', { ...alice, username: 'password' })).length, 1)
})

t.test('ASVS 6.2.1: 8 characters are enough, counted as people do', async (t) => {
  t.equal(await codeOf('kqzvwxj'), 'password_too_short')
  t.equal(await codeOf('kqzvwxjg'), undefined)
  t.equal(await codeOf('🐇🦊🐻🐼🐨🐯🦁'), 'password_too_short', 'an emoji is one')
  t.equal(await codeOf('🐇🦊🐻🐼🐨🐯🦁🐮'), undefined)
  t.equal(await codeOf('e\u0301'.repeat(7)), 'password_too_short', 'and so is é, however spelt')
})

t.test('the strict policy demands 15', async (t) => {
  const strict = createPolicy({ passwordPolicy: 'strict' })
  t.match(await strict.check('password', 'kqzvwxjgkqzvwx', alice), [
    { code: 'password_too_short', detail: 'Use at least 15 characters.' },
  ])
  t.same(await strict.check('password', 'kqzvwxjgkqzvwxj', alice), [])
})

t.test('ASVS 6.2.9: 128 characters are accepted, and no more', async (t) => {
  t.equal(await codeOf('kqzvwxjg'.repeat(16)), undefined)
  t.equal(await codeOf('🐇🦊'.repeat(64)), undefined)
  t.equal(await codeOf(`${'kqzvwxjg'.repeat(16)}k`), 'max_length')
})

t.test('ASVS 6.2.5: any characters will do', async (t) => {
  const digits = drawn('0123456789', 20, 0)
  for (const password of [
    'kqzvwxjgmbnhtrfd',
    '!)"(*§/&%',
    'kq zv wx jg',
    '密码本身很长吗对',
    digits,
  ]) {
    t.equal(await codeOf(password), undefined, password)
  }
})

t.test('ASVS 6.2.4: common passwords are refused, in any case, and padded', async (t) => {
  const long = listCommonPasswords().filter((word) => [...word].length >= 8)
  const sample = long.filter((_, position) => position % 700 === 0)
  const known = ['password123', '12345678', 'qwertyuiop', 'iloveyou', '123456  ', '   dragon']
  for (const password of [...known, ...sample]) {
    for (const spelling of [password, password.toUpperCase(), ` ${password}  `]) {
      t.equal(await codeOf(spelling), 'password_too_common', spelling)
    }
  }
})

t.test('ASVS 6.2.12: the list holds 50,000 entries and more that are long enough', async (t) => {
  const { size } = new Set(listCommonPasswords().filter((word) => [...word].length >= 8))
  t.ok(size >= 50_000, `${size}`)
  t.ok(readFileSync(commonPasswordsUrl).equals(packCommonPasswords()), 'run `pnpm generate`')
})

t.test('ASVS 6.2.11: words of this place are refused, with digits and signs around', async (t) => {
  for (const password of ['Rollcall2026!', '!!ROLLCALL!!', '2026-superuser', 'Administrator-1']) {
    t.equal(await codeOf(password), 'password_too_common', password)
  }
  t.equal(await codeOf('rollcall-of-the-forest'), undefined, 'within more they are no harm')
})

t.test('ASVS 2.2.3: what resembles the account is refused', async (t) => {
  const similar = {
    username: ['alice.liddell', 'Alice.Liddell!', 'alice.lidell', 'liddell2026', '1-liddell-1'],
    email: ['a.rabbit@wonderland.example', 'Wonderland99', 'wonderlnd'],
    first_name: ['charlotte', 'CHARLOTTE1', 'ｃｈａｒｌｏｔｔｅ', 'charlote'],
    last_name: ["O'Malley1234"],
    phone_number: ['442079460958', '+44 2079 460958', '02079460958'],
  }
  for (const [member, passwords] of Object.entries(similar)) {
    for (const password of passwords) {
      t.match(
        await check('password', password, alice),
        [{ detail: /^This password is (too similar to|among)/ }],
        `${password} and ${member}`,
      )
    }
  }
  t.match(await check('password', 'alice.lidell', alice), [
    { code: 'password_too_similar', detail: 'This password is too similar to username.' },
  ])
})

t.test('a member that is missing, or too short to tell, resembles nothing', async (t) => {
  const { username, email } = alice
  t.equal(await codeOf(good, { username, email }), undefined)
  t.equal(await codeOf(good, { ...alice, first_name: null, phone_number: '' }), undefined)
  t.equal(await codeOf('kqzvwxjg', { ...alice, username: 'kq' }), undefined)
})

t.test('passwords that were drawn at random do not resemble an account', async (t) => {
  for (const alphabet of ['0123456789', 'abcdefghijklmnopqrstuvwxyz']) {
    for (let number = 0; number < 200; number += 1) {
      t.equal(await codeOf(drawn(alphabet, 16, number)), undefined)
    }
  }
})

/** As if drawn at random, and the same in every run. */
function drawn(alphabet: string, length: number, number: number): string {
  const bytes = createHash('sha256').update(`${number}`).digest().subarray(0, length)
  return [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('')
}
