import { bearer, get, signIn } from '../api.ts'
import { seededPassword } from '../seed/seed.ts'

/** One try to sign in that must be refused. */
export interface Guess {
  readonly username: string
  readonly password: string
  readonly address: string
}

/** Two kinds of refusals that must look alike. */
export interface Comparison {
  readonly name: string
  readonly pairs: readonly (readonly [Guess, Guess])[]
}

const wrong = 'not-the-password-of-anybody'

/** What an attacker would like to tell apart; every name and address is used once. */
export async function comparisons(url: string, pairs: number): Promise<Comparison[]> {
  const operator = await signIn(url, 'operator', seededPassword)
  const names = await listNames(url, operator.access, pairs * 3 + 1)
  let calls = 0
  const guess = (username: string, password = wrong): Guess => {
    calls += 1
    return { username, password, address: `10.${calls >> 16}.${(calls >> 8) & 255}.${calls & 255}` }
  }
  const pairUp = (left: (index: number) => Guess, right: (index: number) => Guess) =>
    Array.from({ length: pairs }, (_, index) => [left(index), right(index)] as const)
  const known = (index: number) => names[index] ?? ''
  const unknown = (index: number) => `nobody.${index}.here`

  const inactive = names.slice(pairs, pairs * 2)
  for (const name of inactive) await deactivate(url, operator.access, name)
  const locked = [known(pairs * 3), unknown(-1)]
  await Promise.all(locked.map((name) => lock(url, () => guess(name))))

  return [
    {
      name: 'wrong password / unknown name',
      pairs: pairUp(
        (index) => guess(known(index)),
        (index) => guess(unknown(index)),
      ),
    },
    {
      name: 'right password of an inactive account / wrong password',
      pairs: pairUp(
        (index) => guess(inactive[index] ?? '', seededPassword),
        (index) => guess(known(index + pairs * 2)),
      ),
    },
    {
      name: 'locked account / locked unknown name',
      pairs: pairUp(
        () => guess(locked[0] ?? ''),
        () => guess(locked[1] ?? ''),
      ),
    },
  ]
}

async function listNames(url: string, access: string, count: number): Promise<string[]> {
  const names: string[] = []
  let next: string | null = `${url}/api/users/?limit=100&is_active=true&is_superuser=false`
  while (next && names.length < count) {
    const page = (await get(next, access)) as {
      next: string | null
      results: { username: string }[]
    }
    names.push(...page.results.map(({ username }) => username))
    next = page.next
  }
  if (names.length < count) throw new Error('There are too few accounts to compare')
  return names
}

async function deactivate(url: string, access: string, name: string) {
  const page = (await get(`${url}/api/users/?username=${encodeURIComponent(name)}`, access)) as {
    results: { id: string }[]
  }
  await fetch(`${url}/api/users/${page.results[0]?.id}/`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', ...bearer(access) },
    body: JSON.stringify({ is_active: false }),
  })
}

const longEnoughSeconds = 10

/** Guesses until the wait is longer than the comparison takes, some seconds. */
async function lock(url: string, next: () => Guess) {
  for (let round = 0; round < 200; round += 1) {
    const { username, password, address } = next()
    const response = await fetch(`${url}/api/token/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ username, password }),
    })
    const seconds = Number(response.headers.get('retry-after'))
    if (seconds > longEnoughSeconds) return
    if (response.status === 429)
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  }
}
