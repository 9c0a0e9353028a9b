import { bearer, get, type SignedIn, signIn } from '../api.ts'

/** Somebody in whose name requests are sent, who may be signed out, changed or deleted by them. */
export interface Actor {
  readonly name: 'nobody' | 'a plain user' | 'a superuser' | 'a stranger'
  /** The token to send now. */
  token(): string | undefined
  /** Called after a refusal: makes the actor able again if it is not. */
  revive(): Promise<void>
}

export const keeper = { username: 'operator', password: 'five-purple-teapots' } as const

/** All passwords that the actors ever have, so that some requests give the right one. */
export const actorPassword = 'seven-yellow-kettles'

/** The kinds of callers that there are, the more often called the oftener here; whoever is damaged by a request is made anew. */
export async function createActors(
  url: string,
  lane: number,
  onSignIn: (tokens: SignedIn) => void,
): Promise<Actor[]> {
  const { access } = await signIn(url, keeper.username, keeper.password)
  let made = 0

  async function createAccount(isSuperuser: boolean): Promise<string> {
    made += 1
    const username = `actor-${lane}-${made}`
    const response = await fetch(`${url}/api/users/`, {
      method: 'POST',
      headers: { ...bearer(access), 'content-type': 'application/json' },
      body: JSON.stringify({
        username,
        email: `${username}@post.example`,
        password: actorPassword,
        is_superuser: isSuperuser,
      }),
    })
    if (!response.ok) throw new Error(`No actor can be made: ${await response.text()}`)
    const tokens = await signIn(url, username, actorPassword)
    onSignIn(tokens)
    return tokens.access
  }

  async function createActor(name: Actor['name'], isSuperuser: boolean): Promise<Actor> {
    let token = await createAccount(isSuperuser)
    return {
      name,
      token: () => token,
      async revive() {
        const isAble = await get(`${url}/api/users/me/`, token).then(
          (me) => (me as { is_superuser: boolean }).is_superuser === isSuperuser,
          () => false,
        )
        if (!isAble) token = await createAccount(isSuperuser)
      },
    }
  }

  const revive = async () => {}
  const user = await createActor('a plain user', false)
  const superuser = await createActor('a superuser', true)
  return [
    ...[user, user, user, superuser, superuser, superuser],
    { name: 'nobody', token: () => undefined, revive },
    { name: 'a stranger', token: () => 'eyJhbGciOiJFZERTQSJ9.e30.AAAA', revive },
  ]
}
