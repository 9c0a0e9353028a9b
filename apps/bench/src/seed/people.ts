import { canonical } from '@rollcall/server/src/canonical.ts'
import { searchTextOf } from '@rollcall/server/src/features/users/profile.ts'
import { neverSignedIn } from '@rollcall/server/src/features/users/representation.ts'
import { firstNames, lastNames, mailDomains, streets } from './names.ts'
import { createRandom, type Random } from './random.ts'

/** A row of the table `users`, under the names of its columns. */
export type Person = ReturnType<typeof makePerson>

export interface Population {
  readonly count: number
  /** Everybody's: a hash each would take hours. */
  readonly passwordHash: string
  /** The newest account joined then. */
  readonly until: Date
}

/** Gives everybody who holds a role that of the support. */
export const giveRoles = `INSERT INTO user_roles (user_id, role_id)
  SELECT users.id, roles.id FROM users, roles WHERE has_roles AND roles.name_key = 'support'`

const joinedOverMs = 5 * 365 * 86_400_000

/** Makes people up, oldest account first; the same ones each time, but for the dates. */
export function* makePeople(population: Population): Generator<Person> {
  const random = createRandom(20_260_101)
  for (let index = 0; index < population.count; index += 1) {
    yield makePerson(index, population, random)
  }
}

function makePerson(index: number, population: Population, random: Random) {
  const { count, passwordHash, until } = population
  const joinedAt = until.getTime() - joinedOverMs * (1 - (index + random.next()) / (count + 1))
  const firstName = random.pickSkewed(firstNames)
  const lastName = random.pickSkewed(lastNames)
  const username = usernameOf(firstName, lastName, index, random)
  const email = `${username}@${random.pickSkewed(mailDomains)}`
  const phoneNumber = random.next() < 0.7 ? `+4479${digits(random, 8)}` : null
  const names = { username, email, firstName, lastName, phoneNumber }
  const address = random.next() < 0.5 ? addressOf(random) : null
  const keys = { usernameKey: canonical(username), emailKey: canonical(email) }
  return {
    id: idAt(joinedAt, random),
    username,
    username_key: keys.usernameKey,
    email,
    email_key: keys.emailKey,
    password_hash: passwordHash,
    first_name: firstName,
    last_name: lastName,
    phone_number: phoneNumber,
    address,
    is_active: random.next() >= 0.02,
    is_staff: random.next() < 0.000_2,
    is_superuser: random.next() < 0.000_01,
    has_roles: index % 200 === 0,
    date_joined: new Date(joinedAt).toISOString(),
    last_login: random.next() < 1 / 3 ? neverSignedIn : signedInAt(joinedAt, until, random),
    version: 1,
    search_text: searchTextOf({ ...names, ...keys, address }),
  }
}

function usernameOf(first: string, last: string, index: number, random: Random): string {
  const [given, family] = [first, last.replace(/[^\p{L}\p{N}-]/gu, '')]
  const form = random.below(4)
  if (form === 0) return `${given}_${family}${index}`.toLowerCase()
  if (form === 1) return `${[...given][0]}${family}${index}`
  return `${given}.${family}${index}`.toLowerCase()
}

function addressOf(random: Random): string {
  return `${1 + random.below(200)} ${random.pick(streets)} Street\nTown ${random.below(5_000)}`
}

function signedInAt(joinedAt: number, until: Date, random: Random): string {
  return new Date(joinedAt + random.next() * (until.getTime() - joinedAt)).toISOString()
}

/** A UUIDv7 of that moment (RFC 9562), as the server would have made it. */
function idAt(milliseconds: number, random: Random): string {
  const time = Math.floor(milliseconds).toString(16).padStart(12, '0')
  const variant = '89ab'[random.below(4)]
  const tail = hex(random, 6) + hex(random, 6)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random, 3)}-${variant}${hex(random, 3)}-${tail}`
}

function hex(random: Random, length: number): string {
  return random
    .below(16 ** length)
    .toString(16)
    .padStart(length, '0')
}

function digits(random: Random, length: number): string {
  return String(random.below(10 ** length)).padStart(length, '0')
}
