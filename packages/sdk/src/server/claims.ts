/** What an access token says; none of it is a permission (RFC 9068). */
export interface AccessClaims {
  /** The id of the account. */
  readonly sub: string
  /** The id of the session. */
  readonly sid: string
  readonly jti: string
  readonly iss: string
  readonly aud: string
  /** Seconds since 1970. */
  readonly iat: number
  readonly exp: number
  /** When the password was last given. */
  readonly auth_time: number
}
