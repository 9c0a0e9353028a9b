import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { holders } from './permissions.ts'
import { instant, optionalInstant } from './text.ts'

export const signingKeyStates = ['next', 'signing', 'retiring', 'retired'] as const
export type SigningKeyState = (typeof signingKeyStates)[number]

export const SigningKey = Type.Object(
  {
    kid: Type.String({ description: 'The name of the key in the header of a token.' }),
    created_at: instant('When the key was made.'),
    signs_from: instant('From when on it signs, until a younger key does.'),
    verifies_until: optionalInstant(
      'Until when tokens that it has signed are accepted; `null` while nothing takes its place.',
    ),
    state: Type.Enum(signingKeyStates, {
      description:
        '`next`: known already, and signing soon. `signing`: signs now. `retiring`: its last tokens are still accepted. `retired`: none is any more.',
    }),
  },
  { description: 'A key that access tokens are signed with; never its private half.' },
)
export interface SigningKey extends Static<typeof SigningKey> {}

export const SigningKeyList = Type.Object(
  { results: Type.Array(SigningKey, { description: 'Every key, youngest first.' }) },
  { description: 'Every key that is kept.' },
)
export interface SigningKeyList extends Static<typeof SigningKeyList> {}

export const KeyRotation = Type.Object(
  {
    now: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'For a stolen key: the new one signs at once, and every token of the others is refused. All who are signed in renew their tokens, the caller too.',
      }),
    ),
  },
  { description: 'How to rotate the keys.' },
)
export interface KeyRotation extends Static<typeof KeyRotation> {}

const exampleKey: SigningKey = {
  kid: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
  created_at: '2026-01-31T09:30:00.000Z',
  signs_from: '2026-01-31T09:35:00.000Z',
  verifies_until: null,
  state: 'next',
}

export const keys = {
  list: endpoint('GET /api/keys/', {
    tag: 'Keys',
    summary: 'List the signing keys',
    description:
      'Answers the keys that sign access tokens, with their ages. The public keys themselves are at `/.well-known/jwks.json`.',
    access: holders('keys.view'),
    response: [200, SigningKeyList],
    example: { response: { results: [exampleKey] } },
  }),
  rotate: endpoint('POST /api/keys/rotate/', {
    tag: 'Keys',
    summary: 'Rotate the signing keys',
    description:
      'Makes the next key and answers it. It signs after five minutes, when everybody has had the time to fetch it, so that no token is refused meanwhile; with `now` at once.',
    access: holders('keys.rotate'),
    body: KeyRotation,
    response: [200, SigningKey],
    problems: ['reauthentication_required'],
    example: { body: { now: false }, response: exampleKey },
  }),
}
