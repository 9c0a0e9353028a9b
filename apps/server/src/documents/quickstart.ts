export interface Step {
  readonly title: string
  readonly text: string
  readonly code: string
}

/** The five-minute path under bash; a test runs each step exactly as it is shown. */
export function curlSteps(publicUrl: string): Step[] {
  return [
    {
      title: 'Open an account',
      text: 'Anyone may. The answer is the account, with its id.',
      code: `curl ${publicUrl}/api/register/ \\
  -H 'Content-Type: application/json' \\
  -d '{"username": "alice", "email": "alice@example.com", "password": "correct-horse-battery"}'`,
    },
    {
      title: 'Sign in',
      text: 'The answer holds two tokens: `access` opens the API for a few minutes, `refresh` gets the next pair from `/api/token/refresh/`.',
      code: `TOKENS=$(curl -s ${publicUrl}/api/token/ \\
  -H 'Content-Type: application/json' \\
  -d '{"username": "alice", "password": "correct-horse-battery"}')
ACCESS=$(sed 's/.*"access":"\\([^"]*\\)".*/\\1/' <<< "$TOKENS")
REFRESH=$(sed 's/.*"refresh":"\\([^"]*\\)".*/\\1/' <<< "$TOKENS")
echo "$TOKENS"`,
    },
    {
      title: 'See your account',
      text: 'The access token says whose account it is.',
      code: `curl ${publicUrl}/api/users/me/ \\
  -H "Authorization: Bearer $ACCESS"`,
    },
    {
      title: 'Change it',
      text: 'Send only what changes; everything else stays as it is.',
      code: `curl -X PATCH ${publicUrl}/api/users/me/ \\
  -H "Authorization: Bearer $ACCESS" \\
  -H 'Content-Type: application/json' \\
  -d '{"first_name": "Alice"}'`,
    },
    {
      title: 'Sign out',
      text: 'The answer is the status 205. Both tokens are refused from then on.',
      code: `curl -w '%{http_code}\\n' ${publicUrl}/api/logout/ \\
  -H "Authorization: Bearer $ACCESS" \\
  -H 'Content-Type: application/json' \\
  -d "{\\"refresh\\": \\"$REFRESH\\"}"`,
    },
  ]
}

/** The same path with the SDK, as a module for Node or a browser; a test runs it too. */
export function sdkSnippet(publicUrl: string): string {
  return `import { createClient } from '@rollcall/sdk'

const client = createClient({ baseUrl: '${publicUrl}' })

// Open an account.
await client.register({
  username: 'bob',
  email: 'bob@example.com',
  password: 'staple-paper-clip-42',
})

// Sign in: the client keeps the tokens, and renews them before they expire.
await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip-42' })

// See your account, and change it.
const me = await client.users.me()
console.log(\`Hello \${me.username}, here since \${me.date_joined}\`)
await client.users.updateMe({ first_name: 'Bob' })

// Sign out: both tokens are refused from then on.
await client.auth.signOut()`
}
