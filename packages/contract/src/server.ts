import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { anyone } from './permissions.ts'

export const ApiIndex = Type.Record(
  Type.String(),
  Type.Object({
    method: Type.String({ description: 'The HTTP method.' }),
    href: Type.String({ description: 'The URL; `{id}` stands for an id.' }),
  }),
  { description: 'Every operation by its id, with its method and URL.' },
)
export interface ApiIndex extends Static<typeof ApiIndex> {}

export const Health = Type.Object(
  { status: Type.Literal('ok', { description: 'Always `ok`; anything else is a problem.' }) },
  { description: 'That the server is well.' },
)
export interface Health extends Static<typeof Health> {}

export const Jwk = Type.Object(
  {
    kty: Type.Literal('OKP', { description: 'The family of the key (RFC 8037).' }),
    crv: Type.Literal('Ed25519', { description: 'The curve.' }),
    x: Type.String({ description: 'The public key, in base64url.' }),
    kid: Type.String({ description: 'The name of the key in the header of a token.' }),
    alg: Type.Literal('EdDSA', { description: 'The signature algorithm.' }),
    use: Type.Literal('sig', { description: 'What the key is for: signatures.' }),
  },
  { description: 'A public key that access tokens are verified with (RFC 7517).' },
)
export interface Jwk extends Static<typeof Jwk> {}

export const Jwks = Type.Object(
  { keys: Type.Array(Jwk, { description: 'The keys in force, and the one to come.' }) },
  { description: 'The public keys of the server (RFC 7517).' },
)
export interface Jwks extends Static<typeof Jwks> {}

export const index = endpoint('GET /api/', {
  tag: 'Server',
  summary: 'List the operations',
  description: 'Answers every operation of the API by its id, with its method and URL.',
  access: anyone,
  response: [200, ApiIndex],
  example: {
    response: { register: { method: 'POST', href: 'http://127.0.0.1:8000/api/register/' } },
  },
})

export const jwks = endpoint('GET /.well-known/jwks.json', {
  tag: 'Server',
  summary: 'Get the public keys',
  description:
    'Answers the keys that access tokens are verified with. Keep them for at most 5 minutes and ask again for an unknown `kid`.',
  access: anyone,
  response: [200, Jwks],
  example: {
    response: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          kid: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
          alg: 'EdDSA',
          use: 'sig',
        },
      ],
    },
  },
})

export const health = {
  live: endpoint('GET /healthz', {
    tag: 'Server',
    summary: 'Tell whether the process lives',
    description: 'Answers as long as the process can answer at all; asks nothing of the database.',
    access: anyone,
    response: [200, Health],
    example: { response: { status: 'ok' } },
  }),
  ready: endpoint('GET /readyz', {
    tag: 'Server',
    summary: 'Tell whether requests can be served',
    description:
      'Answers when the database answers and is up to date, and a signing key is in force; `service_unavailable` otherwise.',
    access: anyone,
    response: [200, Health],
    example: { response: { status: 'ok' } },
  }),
}
