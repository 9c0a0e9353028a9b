import { supportRole, userOrderings } from '@rollcall/contract'

/** Something to ask for. */
export interface List {
  readonly name: string
  /** `/api/users/` unless given. */
  readonly path?: string
  readonly query: Record<string, string>
  /** Pages to turn before the one that is measured. */
  readonly depth?: number
}

/** Somebody in the middle, whom the filters look for. */
export interface Sample {
  readonly id: string
  readonly username: string
  readonly email: string
  readonly phone_number: string
  readonly date_joined: string
}

const pagesDeep = 50

/** One account, and every ordering, filter and kind of search that the list offers. */
export function listsFor(sample: Sample): List[] {
  const one = { name: 'one account', path: `/api/users/${sample.id}/`, query: {} }
  return [one, ...orderings(), ...filters(sample), ...searches(sample), ...counts()]
}

function orderings(): List[] {
  return userOrderings.flatMap((ordering): List[] => [
    { name: `ordering ${ordering}`, query: { ordering } },
    { name: `ordering ${ordering}, deep`, query: { ordering, limit: '100' }, depth: pagesDeep },
  ])
}

/** Each alone, in the default order and in one that has nothing to do with it. */
function filters(sample: Sample): List[] {
  const { email, username, phone_number } = sample
  const year = 365 * 86_400_000
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
  const queries: Record<string, string>[] = [
    ...['is_active', 'is_staff', 'is_superuser'].flatMap((flag) => [
      { [flag]: 'true' },
      { [flag]: 'false' },
    ]),
    { email },
    { username },
    { phone_number },
    { date_joined_after: daysAgo(1) },
    { date_joined_after: daysAgo(1_000) },
    { date_joined_before: daysAgo(1_000) },
    { date_joined_before: new Date(Date.now() - 5 * year + 86_400_000).toISOString() },
    { role: supportRole.id },
    { role: supportRole.id, is_active: 'false' },
    { last_login_after: daysAgo(1) },
    { last_login_after: daysAgo(30) },
    { date_joined_after: daysAgo(1_000), date_joined_before: daysAgo(999) },
    { last_login_before: daysAgo(1) },
    { last_login_before: daysAgo(1_500) },
    { is_active: 'false', last_login_before: daysAgo(900) },
    { is_active: 'false', date_joined_after: daysAgo(30) },
    { is_staff: 'true', is_active: 'false' },
  ]
  return queries.flatMap((query) => [
    { name: `filter ${describe(query)}`, query },
    { name: `filter ${describe(query)}, by username`, query: { ...query, ordering: 'username' } },
  ])
}

function searches({ id, username, email, phone_number }: Sample): List[] {
  const texts = {
    'one account': username,
    'one address': email,
    'one id': id,
    'one number, spelt apart': phone_number.replace(/(\d{4})/g, '$1 '),
    common: 'maria',
    'very common': 'example.com',
    'less common': 'papadopoulos',
    'no match': 'qxzvqxzv',
    'two words': 'maria garcia',
    'a common and a rare word': `example.com ${username}`,
    'two words, no match': 'zoe qxzvqxzv',
    'part of a name': 'zoe',
    'two characters': 'an',
    'two characters, rare': 'xq',
    'two characters, not Latin': 'さく',
    'an underscore': 'zoe_w',
    'a percent sign': '50%',
    digits: '4479',
  }
  return Object.entries(texts).flatMap(([kind, search]) =>
    ['-date_joined', 'date_joined', 'last_login', 'username', '-username', 'email'].map(
      (ordering) => ({
        name: `search ${kind} (${search}), by ${ordering}`,
        query: { search, ordering },
      }),
    ),
  )
}

function counts(): List[] {
  const queries: Record<string, string>[] = [
    {},
    { is_active: 'true' },
    { is_staff: 'true' },
    { search: 'papadopoulos' },
  ]
  return queries.map((query) => ({
    name: `count ${describe(query) || 'all'}`,
    query: { ...query, count: 'true' },
  }))
}

function describe(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${value.replace(/T.*/, '')}`)
    .join(' ')
}
