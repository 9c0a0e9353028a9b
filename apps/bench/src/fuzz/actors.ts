import { bearer, get, type SignedIn, signIn } from '../api.ts'
import { runCommand, type Workspace } from '../processes.ts'

/** Somebody in whose name requests are sent, who may be signed out, changed or deleted by them. */
export interface Actor {
  readonly name: 'nobody' | 'a plain user' | 'a superuser' | 'a stranger'
  /** The token to send now. */
  token(): string | undefined
  /** Called after a refusal: makes the actor able again if it is not. */
  revive(): Promise<void>
}

/** Makes the actors; it can be hit by what they do to all accounts at once, and is then replaced. */
export interface Keeper {
  token(): Promise<string>
  /** Called when its token is refused. */
  replace(refused: string): Promise<void>
}

/** Accounts of this kind are left alone by what is made up. */
export const keeperPrefix = 'keeper-'

/** A setting that `createActors` needs: they have a password at once. */
export const actorSettings = { ROLLCALL_STAFF_PASSWORDS: 'allowed' } as const

/** Keepers are hit often, and rarely so many times in a row. */
const mostTries = 20

/** All passwords that the actors ever have, so that some requests give the right one. */
export const actorPassword = 'seven-yellow-kettles'

export function createKeeper(url: string, workspace: Workspace): Keeper {
  let made = 0
  let current = make()

  async function make(): Promise<string> {
    made += 1
    const username = `${keeperPrefix}${made}`
    const email = `${username}@operations.example`
    const args = ['create-superuser', '--username', username, '--email', email, '--password-stdin']
    await runCommand(workspace, args, `${actorPassword}\n`)
    return (await signIn(url, username, actorPassword)).access
  }

  return {
    token: () => current,
    async replace(refused) {
      // The first who notices makes the next one.
      if ((await current) === refused) current = make()
      await current
    },
  }
}

/**
 * The kinds of callers that there are, the more often called the oftener here; whoever is damaged
 * by a request is made anew.
 */
export async function createActors(
  url: string,
  lane: number,
  keeper: Keeper,
  onSignIn: (tokens: SignedIn) => void,
): Promise<Actor[]> {
  let made = 0

  async function createAccount(isSuperuser: boolean, tries = mostTries): Promise<string> {
    if (tries === 0) throw new Error('No account can be made')
    made += 1
    const username = `actor-${lane}-${made}`
    const token = await keeper.token()
    const response = await fetch(`${url}/api/users/`, {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json' },
      body: JSON.stringify({
        username,
        email: `${username}@post.example`,
        password: actorPassword,
        is_superuser: isSuperuser,
      }),
    })
    const tokens =
      response.ok && (await signIn(url, username, actorPassword).catch(() => undefined))
    if (!tokens) {
      await keeper.replace(token)
      return createAccount(isSuperuser, tries - 1)
    }
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
