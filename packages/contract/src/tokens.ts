import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { anyone, signedIn } from './permissions.ts'

export const Credentials = Type.Object(
  {
    username: Type.String({ maxLength: 254, description: 'The username or the e-mail address.' }),
    password: Type.String({ maxLength: 128, description: 'The password, exactly as it was set.' }),
    transport: Type.Optional(
      Type.Enum(['body', 'cookie'], {
        default: 'body',
        description:
          'Where the refresh token goes: into the answer, or, for browsers, into a cookie that no script can read.',
      }),
    ),
  },
  { description: 'What a person signs in with.' },
)
export interface Credentials extends Static<typeof Credentials> {}

export const TokenPair = Type.Object(
  {
    access: Type.String({
      description: 'The access token, a JWT: send it as `Authorization: Bearer …`.',
    }),
    refresh: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description:
        'The refresh token, opaque: exchange it for the next pair, once. `null` where it went into the cookie.',
    }),
    token_type: Type.Literal('Bearer', { description: 'How the access token is sent.' }),
    expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
  },
  { description: 'The tokens of a session.' },
)
export interface TokenPair extends Static<typeof TokenPair> {}

export const RefreshToken = Type.Object(
  {
    refresh: Type.Optional(
      Type.String({
        maxLength: 4096,
        description: 'The refresh token. Absent where the browser sends it as a cookie.',
      }),
    ),
  },
  { description: 'The refresh token of a session.' },
)
export interface RefreshToken extends Static<typeof RefreshToken> {}

export const SignOut = Type.Object(
  {
    refresh: RefreshToken.properties.refresh,
    scope: Type.Optional(
      Type.Enum(['this', 'others', 'all'], {
        default: 'this',
        description:
          'Which sessions end: this one, every other one of the account, or all of them.',
      }),
    ),
  },
  { description: 'Which sessions to end.' },
)
export interface SignOut extends Static<typeof SignOut> {}

export const AnyToken = Type.Object(
  { token: Type.String({ maxLength: 4096, description: 'An access or a refresh token.' }) },
  { description: 'A token to look at.' },
)
export interface AnyToken extends Static<typeof AnyToken> {}

const Nothing = Type.Object({}, { description: 'An empty object.' })

/** The tokens of the examples; a replay puts real ones in their place. */
export const exampleTokens = {
  access: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk4ZjJjNCJ9.c2lnbmF0dXJl',
  refresh: 'rcr_AZjyxH0efDqbUl8OikbWwRE',
  token_type: 'Bearer',
  expires_in: 300,
} as const

export const Reauthentication = Type.Object(
  { password: Type.String({ maxLength: 128, description: 'The password in force.' }) },
  { description: 'Proof of who calls.' },
)
export interface Reauthentication extends Static<typeof Reauthentication> {}

export const AccessToken = Type.Object(
  {
    access: TokenPair.properties.access,
    token_type: TokenPair.properties.token_type,
    expires_in: TokenPair.properties.expires_in,
  },
  { description: 'A new access token of the same session.' },
)
export interface AccessToken extends Static<typeof AccessToken> {}

export const token = {
  create: endpoint('POST /api/token/', {
    tag: 'Tokens',
    summary: 'Sign in',
    description:
      'Opens a session and answers its tokens. An unknown name, a wrong password and an inactive account are all refused alike. Too many failures in a row have to wait (`throttled`). A cookie is given to pages of this server and of the origins it is set to serve, and to no others.',
    access: anyone,
    body: Credentials,
    response: [200, TokenPair],
    problems: ['no_active_account', 'permission_denied'],
    example: {
      body: { username: 'alice', password: 'correct-horse-battery' },
      response: exampleTokens,
    },
  }),
  refresh: endpoint('POST /api/token/refresh/', {
    tag: 'Tokens',
    summary: 'Renew the tokens',
    description:
      'Exchanges the refresh token for the next pair; the one sent is spent. Sent again within 10 seconds it answers the same successor; sent later it ends the session, since it may have been stolen. A refresh token in the cookie counts when `X-Rollcall-CSRF: 1` comes with it, from a page of this server or of an origin it is set to serve; the next one goes into the cookie again.',
    access: anyone,
    body: RefreshToken,
    response: [200, TokenPair],
    problems: ['token_not_valid', 'permission_denied'],
    example: { body: { refresh: exampleTokens.refresh }, response: exampleTokens },
  }),
  verify: endpoint('POST /api/token/verify/', {
    tag: 'Tokens',
    summary: 'Check a token',
    description: 'Tells whether an access or refresh token would be accepted now.',
    access: anyone,
    body: AnyToken,
    response: [200, Nothing],
    problems: ['token_not_valid'],
    example: { body: { token: exampleTokens.access }, response: {} },
  }),
  reauthenticate: endpoint('POST /api/token/reauthenticate/', {
    tag: 'Tokens',
    summary: 'Prove again who you are',
    description:
      'Notes that the caller has just given the password, which sensitive changes demand of the last five minutes, and answers an access token that says so; those from before are refused, and the refresh token stays as it is. A wrong password is reported as `password_incorrect`.',
    access: signedIn,
    body: Reauthentication,
    response: [200, AccessToken],
    example: {
      body: { password: 'correct-horse-battery' },
      response: { access: exampleTokens.access, token_type: 'Bearer', expires_in: 300 },
    },
  }),
}

export const logout = endpoint('POST /api/logout/', {
  tag: 'Tokens',
  summary: 'Sign out',
  description:
    'Ends the session, or others of the account too: their access and refresh tokens are refused from then on. Somebody else’s refresh token is refused with `permission_denied`. The refresh token may come in the cookie, as when it is renewed; the cookie is then deleted. Ending more than this session needs a password given in the last five minutes.',
  access: signedIn,
  body: SignOut,
  response: [205, null],
  problems: ['permission_denied', 'reauthentication_required'],
  example: { body: { refresh: exampleTokens.refresh } },
})
