import fastifyJwt, { type JWT } from '@fastify/jwt'
import Fastify from 'fastify'

export interface JwtOptions {
  readonly keyId: string
  /** PEM. */
  readonly privateKey: string
  readonly publicKey: string
  readonly issuer: string
  readonly audience: string
}

/**
 * Signs and verifies with one key. @fastify/jwt builds its signer and its
 * caching verifier once, for a static key; ours rotate while the server runs,
 * so each key gets an instance of the plugin of its own.
 */
export async function createJwt(options: JwtOptions): Promise<JWT> {
  const { keyId, privateKey, publicKey, issuer, audience } = options
  const scope = Fastify()
  await scope.register(fastifyJwt, {
    secret: { private: privateKey, public: publicKey },
    sign: {
      algorithm: 'EdDSA',
      kid: keyId,
      header: { alg: 'EdDSA', typ: 'at+jwt' },
      iss: issuer,
      aud: audience,
    },
    verify: {
      algorithms: ['EdDSA'],
      checkTyp: 'at+jwt',
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'auth_time', 'token_type'],
      // The verifier has no clock that a test could set: access-tokens.ts checks the expiry.
      ignoreExpiration: true,
      // access-tokens.ts remembers what was verified; the plugin's cache hashes each token to find it.
      cache: false,
    },
  })
  await scope.ready()
  return scope.jwt
}
