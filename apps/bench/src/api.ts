/** What a signed-in account goes on with. */
export interface SignedIn {
  readonly access: string
  readonly refresh: string
}

/** Signs in over HTTP, as anybody does. */
export async function signIn(url: string, username: string, password: string): Promise<SignedIn> {
  const response = await fetch(`${url}/api/token/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  return (await read(response)) as SignedIn
}

/** The body of an answer that must be a success. */
export async function get(url: string, access: string): Promise<unknown> {
  return read(await fetch(url, { headers: bearer(access) }))
}

export function bearer(access: string): { authorization: string } {
  return { authorization: `Bearer ${access}` }
}

async function read(response: Response): Promise<unknown> {
  if (!response.ok) {
    throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`)
  }
  return response.json()
}
