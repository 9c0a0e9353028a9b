export type { AccessClaims } from './claims.ts'
export {
  type CookieAttributes,
  type CookieJar,
  type NodeRequest,
  type NodeResponse,
  nodeCookies,
  requestCookies,
} from './cookies.ts'
export { createServerClient, type ServerClientOptions } from './server-client.ts'
export { createVerifier, type Verifier, type VerifierOptions } from './verifier.ts'
