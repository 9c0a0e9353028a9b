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

/** Deleting is for an account of its own: its id and token take the place of those kept. */
function throwAwayAccount(registerPath: string, tokenPath: string): string[] {
  return [
    ...newAccount,
    'const { username, email, password } = pm.collectionVariables.toObject()',
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

const tokens = [
  'const { access, refresh } = pm.response.json()',
  "pm.collectionVariables.set('access', access)",
  "pm.collectionVariables.set('refresh', refresh)",
]

const kept: Record<string, string[]> = {
  register: ["pm.collectionVariables.set('user_id', pm.response.json().id)"],
  'token.create': tokens,
  'token.refresh': tokens,
  'password.change': [
    "pm.collectionVariables.set('password', pm.collectionVariables.get('new_password'))",
  ],
}

function successOf({ responses }: Call): string {
  return Object.keys(responses).find((status) => status.startsWith('2')) ?? '200'
}
