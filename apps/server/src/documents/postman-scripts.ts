import type { Call } from './postman.ts'

interface Script {
  listen: 'prerequest' | 'test'
  lines: string[]
}

/** What runs before and after a request: makes accounts, checks the answer, keeps what it gives. */
export function scriptsOf(call: Call, calls: Call[]): Script[] {
  const before = preparation(call, calls)
  return [
    ...(before ? [{ listen: 'prerequest', lines: before } as const] : []),
    { listen: 'test', lines: [...check(call), ...keep(call)] },
  ]
}

function preparation({ operationId }: Call, calls: Call[]): string[] | undefined {
  switch (operationId) {
    case 'register':
      return newAccount
    case 'sessions.list':
      return signIn(pathOf('token.create', calls), [])
    case 'users.endSessions':
    case 'logout':
      return signIn(pathOf('token.create', calls), tokens('response'))
    case 'password.set':
    case 'password.change':
      return ["pm.collectionVariables.set('new_password', pm.variables.replaceIn('{{$guid}}'))"]
    case 'users.deleteMe':
    case 'users.delete':
      return throwAwayAccount(pathOf('register', calls), pathOf('token.create', calls))
    default:
      return undefined
  }
}

/** The name is short: two long random texts share characters enough to be taken for similar. */
const newAccount = [
  "const name = 'reader-' + pm.variables.replaceIn('{{$guid}}').slice(0, 8)",
  "pm.collectionVariables.set('username', name)",
  "pm.collectionVariables.set('email', name + '@example.com')",
  "pm.collectionVariables.set('password', pm.variables.replaceIn('{{$guid}}'))",
]

function pathOf(operationId: string, calls: Call[]): string {
  return calls.find((call) => call.operationId === operationId)?.path ?? '/'
}

const post = [
  'const post = (path, body, next) =>',
  '  pm.sendRequest(',
  '    {',
  "      url: pm.variables.replaceIn('{{baseUrl}}') + path,",
  "      method: 'POST',",
  "      header: { 'Content-Type': 'application/json' },",
  "      body: { mode: 'raw', raw: JSON.stringify(body) },",
  '    },',
  '    (error, response) => {',
  '      if (error) throw error',
  '      next(response.json())',
  '    },',
  '  )',
]

/** A session more: of two, one can be ended, and its tokens take the place of those that were. */
function signIn(tokenPath: string, next: string[]): string[] {
  return [
    ...post,
    'const { username, password } = pm.collectionVariables.toObject()',
    `post('${tokenPath}', { username, password }, (response) => {`,
    ...next.map((line) => `  ${line}`),
    '})',
  ]
}

/** Deleting is for an account of its own: its id and token take the place of those kept. */
function throwAwayAccount(registerPath: string, tokenPath: string): string[] {
  return [
    ...newAccount,
    'const { username, email, password } = pm.collectionVariables.toObject()',
    ...post,
    `post('${registerPath}', { username, email, password }, ({ id }) => {`,
    "  pm.collectionVariables.set('user_id', id)",
    `  post('${tokenPath}', { username, password }, ({ access }) => {`,
    "    pm.collectionVariables.set('access', access)",
    '  })',
    '})',
  ]
}

function check(call: Call): string[] {
  const status = successOf(call)
  if (call.operationId === 'password.set') {
    return [
      `pm.test('${call.operationId} answers ${status}, or 400 to who has no link', () =>`,
      `  pm.expect(pm.response.code).to.be.oneOf([${status}, 400]))`,
    ]
  }
  if (call['x-access'].kind !== 'permission') {
    return [
      `pm.test('${call.operationId} answers ${status}', () => pm.response.to.have.status(${status}))`,
    ]
  }
  return [
    `pm.test('${call.operationId} answers ${status}, or 403 to who lacks the permission', () => {`,
    `  pm.expect(pm.response.code).to.be.oneOf([${status}, 403])`,
    "  if (pm.response.code === 403) pm.expect(pm.response.json().code).to.eql('permission_denied')",
    '})',
  ]
}

function keep(call: Call): string[] {
  const lines = kept[call.operationId]
  if (!lines) return []
  return [
    `if (pm.response.code === ${successOf(call)}) {`,
    ...lines.map((line) => `  ${line}`),
    '}',
  ]
}

function tokens(answer: string): string[] {
  return [
    `const { access, refresh } = ${answer}`,
    "pm.collectionVariables.set('access', access)",
    "pm.collectionVariables.set('refresh', refresh)",
  ]
}

const newPassword =
  "pm.collectionVariables.set('password', pm.collectionVariables.get('new_password'))"

const kept: Record<string, string[]> = {
  register: ["pm.collectionVariables.set('user_id', pm.response.json().id)"],
  'token.create': tokens('pm.response.json()'),
  'token.refresh': tokens('pm.response.json()'),
  'password.change': [newPassword],
  'password.set': [newPassword],
  'sessions.list': [
    'const other = pm.response.json().results.find(({ current }) => !current)',
    "pm.collectionVariables.set('session_id', other.id)",
  ],
  'roles.create': ["pm.collectionVariables.set('role_id', pm.response.json().id)"],
  'users.passwordLink': [
    "pm.collectionVariables.set('link_token', pm.response.json().url.split('#')[1])",
  ],
}

function successOf({ responses }: Call): string {
  return Object.keys(responses).find((status) => status.startsWith('2')) ?? '200'
}
