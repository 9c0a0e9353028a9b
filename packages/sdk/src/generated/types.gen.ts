// Made from the API contract by `pnpm --filter @rollcall/sdk generate`; never edited by hand.

import type { Call, CallOptions, ConditionalOptions, KeyedOptions } from '../call.ts'
import type { List } from '../paging.ts'

/**
 * Every code of a problem, with the status it comes with.
 *
 * - `validation_failed`: 400. Some of the input is not valid.
 * - `parse_error`: 400. The request cannot be read.
 * - `not_authenticated`: 401. Sign in first.
 * - `token_not_valid`: 401. The token is not valid or has expired.
 * - `no_active_account`: 401. No active account with these credentials.
 * - `permission_denied`: 403. Not permitted.
 * - `reauthentication_required`: 403. Prove again who you are.
 * - `not_found`: 404. Not found.
 * - `method_not_allowed`: 405. The method is not allowed here.
 * - `request_timeout`: 408. The request took too long to arrive.
 * - `last_superuser`: 409. The last active superuser must stay.
 * - `idempotency_in_flight`: 409. The first request with this key is under way.
 * - `precondition_failed`: 412. Changed by somebody else meanwhile.
 * - `payload_too_large`: 413. The body is too large.
 * - `unsupported_media_type`: 415. The media type is not supported.
 * - `idempotency_mismatch`: 422. The key belongs to another request.
 * - `throttled`: 429. Too many requests.
 * - `headers_too_large`: 431. The header fields are too large.
 * - `internal_error`: 500. Something failed on our side.
 * - `service_unavailable`: 503. Not able to answer just now.
 */
export type ProblemCode =
  | 'validation_failed'
  | 'parse_error'
  | 'not_authenticated'
  | 'token_not_valid'
  | 'no_active_account'
  | 'permission_denied'
  | 'reauthentication_required'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'last_superuser'
  | 'idempotency_in_flight'
  | 'precondition_failed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'idempotency_mismatch'
  | 'throttled'
  | 'headers_too_large'
  | 'internal_error'
  | 'service_unavailable'

/**
 * What can be wrong with a member of the input.
 *
 * - `required`: The member is missing.
 * - `null`: The member may not be null.
 * - `blank`: The text may not be empty.
 * - `invalid`: The value has not the right type or form.
 * - `invalid_choice`: The value is none of those offered.
 * - `unknown`: There is no such parameter.
 * - `min_length`: The text is too short.
 * - `max_length`: The text is too long.
 * - `min_value`: The number is too small.
 * - `max_value`: The number is too large.
 * - `null_characters_not_allowed`: The text holds a NUL character.
 * - `surrogate_characters_not_allowed`: The text is not well-formed Unicode.
 * - `unique`: Somebody else has this value already.
 * - `read_only`: The caller may not change this member.
 * - `password_too_short`: The password is too short.
 * - `password_too_common`: The password is among the commonly used ones.
 * - `password_too_similar`: The password resembles another member of the account.
 * - `password_incorrect`: The current password is missing or wrong.
 */
export type FieldProblemCode =
  | 'required'
  | 'null'
  | 'blank'
  | 'invalid'
  | 'invalid_choice'
  | 'unknown'
  | 'min_length'
  | 'max_length'
  | 'min_value'
  | 'max_value'
  | 'null_characters_not_allowed'
  | 'surrogate_characters_not_allowed'
  | 'unique'
  | 'read_only'
  | 'password_too_short'
  | 'password_too_common'
  | 'password_too_similar'
  | 'password_incorrect'

/**
 * Every permission there is.
 *
 * - `users.view`: See every account and search among them.
 * - `users.create`: Create accounts.
 * - `users.update`: Change the profile of every account, and whether it is staff.
 * - `users.activate`: Activate and deactivate every account.
 * - `users.delete`: Delete every account.
 * - `users.export`: Export accounts.
 * - `sessions.view`: See where every account is signed in.
 * - `sessions.revoke`: Sign every account out.
 * - `roles.view`: See the roles and what they allow.
 * - `roles.manage`: Make, change and delete roles, and give them to accounts.
 * - `audit.view`: Read the audit trail.
 * - `system.view`: See the state of the system: version, database, findings.
 * - `keys.view`: See the keys that sign access tokens, without their private halves.
 * - `keys.rotate`: Make the next key that signs access tokens.
 */
export type Permission =
  | 'users.view'
  | 'users.create'
  | 'users.update'
  | 'users.activate'
  | 'users.delete'
  | 'users.export'
  | 'sessions.view'
  | 'sessions.revoke'
  | 'roles.view'
  | 'roles.manage'
  | 'audit.view'
  | 'system.view'
  | 'keys.view'
  | 'keys.rotate'

/**
 * Everything that the audit trail tells of.
 *
 * - `sign_in.succeeded`: Somebody signed in.
 * - `sign_in.failed`: Somebody gave a wrong name or password, or the account is inactive.
 * - `sign_in.throttled`: Somebody tried too often and was told to wait.
 * - `reauthentication.succeeded`: Somebody proved again who they are.
 * - `reauthentication.failed`: Somebody gave a wrong password when asked to prove who they are.
 * - `session.ended`: A session was ended by its holder or by staff.
 * - `session.evicted`: The oldest session gave way to a new one.
 * - `session.reused`: A spent refresh token came back; its session was ended.
 * - `user.registered`: Somebody opened an account.
 * - `user.created`: Staff made an account.
 * - `user.updated`: Members of an account were changed.
 * - `user.deleted`: An account was deleted.
 * - `users.exported`: Accounts were exported.
 * - `user.roles_changed`: An account was given other roles.
 * - `password.changed`: Somebody changed their own password.
 * - `password.reset`: The operator set a password at the command line.
 * - `password.link_made`: Staff made a link to set a password.
 * - `password.set`: Somebody set a password by a link.
 * - `invitation.made`: Staff invited somebody.
 * - `role.created`: A role was made.
 * - `role.updated`: A role was changed.
 * - `role.deleted`: A role was deleted.
 * - `key.rotated`: The next signing key was made.
 * - `key.replaced`: A signing key took the place of all others at once.
 * - `database.restored`: The operator put a backup in place of the database; what was done since
 *   it was made is gone.
 * - `audit.pruned`: Events whose time of keeping is over were deleted.
 */
export type AuditAction =
  | 'sign_in.succeeded'
  | 'sign_in.failed'
  | 'sign_in.throttled'
  | 'reauthentication.succeeded'
  | 'reauthentication.failed'
  | 'session.ended'
  | 'session.evicted'
  | 'session.reused'
  | 'user.registered'
  | 'user.created'
  | 'user.updated'
  | 'user.deleted'
  | 'users.exported'
  | 'user.roles_changed'
  | 'password.changed'
  | 'password.reset'
  | 'password.link_made'
  | 'password.set'
  | 'invitation.made'
  | 'role.created'
  | 'role.updated'
  | 'role.deleted'
  | 'key.rotated'
  | 'key.replaced'
  | 'database.restored'
  | 'audit.pruned'

/** What accounts can be sorted by; `-` reverses. */
export type UserOrdering =
  | 'date_joined'
  | '-date_joined'
  | 'last_login'
  | '-last_login'
  | 'username'
  | '-username'
  | 'email'
  | '-email'

/** What accounts can be exported as. */
export type ExportFormat = 'csv' | 'ndjson'

/** Whether a key signs already, now, or no more. */
export type SigningKeyState = 'next' | 'signing' | 'retiring' | 'retired'

/** An account, as everybody who may see it sees it. */
export interface User {
  /** The id, a UUIDv7 made by the server. */
  id: string
  /**
   * The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept
   * in Unicode normal form NFKC.
   */
  username: string
  /** The e-mail address, unique whatever the case. It may be used to sign in. */
  email: string
  /** The given name. */
  first_name: string | null
  /** The family name. */
  last_name: string | null
  /**
   * The phone number. International ones (`+` first) are kept as E.164; national ones too where the
   * server has a default region, and as sent where it has none.
   */
  phone_number: string | null
  /** The postal address, with line breaks. */
  address: string | null
  /** Whether the account may sign in. */
  is_active: boolean
  /** Whether the account may enter the admin panel. */
  is_staff: boolean
  /** Whether the account holds every permission. */
  is_superuser: boolean
  /** The roles that the account holds, by name. */
  roles: RoleName[]
  /** When the account was made. */
  date_joined: string
  /** When the account last signed in; `null` before the first time. */
  last_login: string | null
}

/** The own account, with what it may do. */
export interface OwnUser {
  /** The id, a UUIDv7 made by the server. */
  id: string
  /**
   * The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept
   * in Unicode normal form NFKC.
   */
  username: string
  /** The e-mail address, unique whatever the case. It may be used to sign in. */
  email: string
  /** The given name. */
  first_name: string | null
  /** The family name. */
  last_name: string | null
  /**
   * The phone number. International ones (`+` first) are kept as E.164; national ones too where the
   * server has a default region, and as sent where it has none.
   */
  phone_number: string | null
  /** The postal address, with line breaks. */
  address: string | null
  /** Whether the account may sign in. */
  is_active: boolean
  /** Whether the account may enter the admin panel. */
  is_staff: boolean
  /** Whether the account holds every permission. */
  is_superuser: boolean
  /** The roles that the account holds, by name. */
  roles: RoleName[]
  /** When the account was made. */
  date_joined: string
  /** When the account last signed in; `null` before the first time. */
  last_login: string | null
  /** What the account may do now, by its roles; everything for a superuser. */
  permissions: Permission[]
}

/** One page of accounts. */
export interface UserPage {
  /** The accounts of this page. */
  results: User[]
  /** The URL of the next page, or `null` on the last one. */
  next: string | null
  /** The URL of the previous page, or `null` on the first one. */
  previous: string | null
  /** How many accounts match in all; only with `count=true`. */
  count?: number
}

/** Which accounts to list, and how. */
export interface UserListQuery {
  /**
   * Words, separated by spaces, that must all occur in the username, names, e-mail address or phone
   * number, whatever the case. A word of one or two characters must stand at the beginning of one of
   * them. A whole id finds its account, and a whole phone number in any spelling the accounts that
   * have it.
   */
  search?: string
  /** Only accounts that may, or may not, sign in. */
  is_active?: boolean
  /** Only staff, or only others. */
  is_staff?: boolean
  /** Only superusers, or only others. */
  is_superuser?: boolean
  /** Only accounts that hold the role of this id. */
  role?: string
  /** Only the account of this name, whatever the case. */
  username?: string
  /** Only the account of this address, whatever the case. */
  email?: string
  /** Only accounts with this phone number. */
  phone_number?: string
  /** Only accounts made at this instant or later. */
  date_joined_after?: string
  /** Only accounts made at this instant or earlier. */
  date_joined_before?: string
  /** Only accounts that last signed in at this instant or later. */
  last_login_after?: string
  /** Only accounts that last signed in at this instant or earlier. */
  last_login_before?: string
  /**
   * The member to sort by; `-` before it reverses. Without it: newest accounts first. Accounts that
   * never signed in come first by `last_login`, last by `-last_login`.
   */
  ordering?: UserOrdering
  /**
   * How many to a page.
   *
   * @default 50
   */
  limit?: number
  /** Where the page starts: taken from `next` or `previous`, never made by hand. */
  cursor?: string
  /**
   * Also count all that match; slow on large sets.
   *
   * @default false
   */
  count?: boolean
}

/** Which accounts, by the filters of the list; without any: all. No others are taken. */
export interface UserFilter {
  /**
   * Words, separated by spaces, that must all occur in the username, names, e-mail address or phone
   * number, whatever the case. A word of one or two characters must stand at the beginning of one of
   * them. A whole id finds its account, and a whole phone number in any spelling the accounts that
   * have it.
   */
  search?: string
  /** Only accounts that may, or may not, sign in. */
  is_active?: boolean
  /** Only staff, or only others. */
  is_staff?: boolean
  /** Only superusers, or only others. */
  is_superuser?: boolean
  /** Only accounts that hold the role of this id. */
  role?: string
  /** Only the account of this name, whatever the case. */
  username?: string
  /** Only the account of this address, whatever the case. */
  email?: string
  /** Only accounts with this phone number. */
  phone_number?: string
  /** Only accounts made at this instant or later. */
  date_joined_after?: string
  /** Only accounts made at this instant or earlier. */
  date_joined_before?: string
  /** Only accounts that last signed in at this instant or later. */
  last_login_after?: string
  /** Only accounts that last signed in at this instant or earlier. */
  last_login_before?: string
}

/** Which accounts to export, and how. */
export interface UserExportQuery {
  /**
   * Words, separated by spaces, that must all occur in the username, names, e-mail address or phone
   * number, whatever the case. A word of one or two characters must stand at the beginning of one of
   * them. A whole id finds its account, and a whole phone number in any spelling the accounts that
   * have it.
   */
  search?: string
  /** Only accounts that may, or may not, sign in. */
  is_active?: boolean
  /** Only staff, or only others. */
  is_staff?: boolean
  /** Only superusers, or only others. */
  is_superuser?: boolean
  /** Only accounts that hold the role of this id. */
  role?: string
  /** Only the account of this name, whatever the case. */
  username?: string
  /** Only the account of this address, whatever the case. */
  email?: string
  /** Only accounts with this phone number. */
  phone_number?: string
  /** Only accounts made at this instant or later. */
  date_joined_after?: string
  /** Only accounts made at this instant or earlier. */
  date_joined_before?: string
  /** Only accounts that last signed in at this instant or later. */
  last_login_after?: string
  /** Only accounts that last signed in at this instant or earlier. */
  last_login_before?: string
  /**
   * The member to sort by; `-` before it reverses. Without it: newest accounts first. Accounts that
   * never signed in come first by `last_login`, last by `-last_login`.
   */
  ordering?: UserOrdering
  /**
   * CSV, or one JSON object per line.
   *
   * @default "csv"
   */
  format?: ExportFormat
}

/** What a person gives to open an account. */
export interface Registration {
  /**
   * The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept
   * in Unicode normal form NFKC.
   */
  username: string
  /** The e-mail address, unique whatever the case. It may be used to sign in. */
  email: string
  /**
   * At least 8 and at most 128 characters of any kind, neither common nor similar to the rest of the
   * account. Taken exactly as sent, in Unicode normal form NFC.
   */
  password: string
  /** The given name. */
  first_name?: string | null
  /** The family name. */
  last_name?: string | null
  /**
   * The phone number. International ones (`+` first) are kept as E.164; national ones too where the
   * server has a default region, and as sent where it has none.
   */
  phone_number?: string | null
  /** The postal address, with line breaks. */
  address?: string | null
}

/** What staff give to make an account. */
export interface NewUser {
  /**
   * The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept
   * in Unicode normal form NFKC.
   */
  username: string
  /** The e-mail address, unique whatever the case. It may be used to sign in. */
  email: string
  /**
   * To be left out: its holder sets one by a link. Refused unless the setting
   * ROLLCALL_STAFF_PASSWORDS allows it, for clients from before there were such links.
   */
  password?: string
  /** The given name. */
  first_name?: string | null
  /** The family name. */
  last_name?: string | null
  /**
   * The phone number. International ones (`+` first) are kept as E.164; national ones too where the
   * server has a default region, and as sent where it has none.
   */
  phone_number?: string | null
  /** The postal address, with line breaks. */
  address?: string | null
  /** Whether the account may sign in. */
  is_active?: boolean
  /** Whether the account may enter the admin panel. */
  is_staff?: boolean
  /** Whether the account holds every permission. */
  is_superuser?: boolean
}

/** The members of an account to change; absent ones stay as they are. */
export interface UserPatch {
  /**
   * The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept
   * in Unicode normal form NFKC.
   */
  username?: string
  /** The e-mail address, unique whatever the case. It may be used to sign in. */
  email?: string
  /** The given name. */
  first_name?: string | null
  /** The family name. */
  last_name?: string | null
  /**
   * The phone number. International ones (`+` first) are kept as E.164; national ones too where the
   * server has a default region, and as sent where it has none.
   */
  phone_number?: string | null
  /** The postal address, with line breaks. */
  address?: string | null
  /** Whether the account may sign in. */
  is_active?: boolean
  /** Whether the account may enter the admin panel. */
  is_staff?: boolean
  /** Whether the account holds every permission. */
  is_superuser?: boolean
  /**
   * At least 8 and at most 128 characters of any kind, neither common nor similar to the rest of the
   * account. Taken exactly as sent, in Unicode normal form NFC.
   */
  password?: string
  /** The password in force; needed to change one’s own password. */
  current_password?: string
  /**
   * Why `is_active` is changed: kept in the audit trail, where the account reads it too, and nowhere
   * else.
   */
  reason?: string
}

/** An account as it shall be. Absent optional members stay as they are. */
export interface UserReplacement {
  /**
   * The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept
   * in Unicode normal form NFKC.
   */
  username: string
  /** The e-mail address, unique whatever the case. It may be used to sign in. */
  email: string
  /** The given name. */
  first_name?: string | null
  /** The family name. */
  last_name?: string | null
  /**
   * The phone number. International ones (`+` first) are kept as E.164; national ones too where the
   * server has a default region, and as sent where it has none.
   */
  phone_number?: string | null
  /** The postal address, with line breaks. */
  address?: string | null
  /** Whether the account may sign in. */
  is_active?: boolean
  /** Whether the account may enter the admin panel. */
  is_staff?: boolean
  /** Whether the account holds every permission. */
  is_superuser?: boolean
  /**
   * At least 8 and at most 128 characters of any kind, neither common nor similar to the rest of the
   * account. Taken exactly as sent, in Unicode normal form NFC.
   */
  password?: string
  /** The password in force; needed to change one’s own password. */
  current_password?: string
}

/** The roles of an account. */
export interface UserRoles {
  /** The ids of all roles that the account shall hold, and of no others. */
  roles: string[]
}

/** A role that an account holds. */
export interface RoleName {
  /** The id of the role. */
  id: string
  /** The name of the role. */
  name: string
}

/** Which accounts: `ids` or `filter`, and not both. */
export interface BulkSelection {
  /** Which accounts, by their ids: 1 to 1,000. Either this or `filter`. */
  ids?: string[]
  /** Which accounts, by the filters of the list; without any: all. No others are taken. */
  filter?: {
    /**
     * Words, separated by spaces, that must all occur in the username, names, e-mail address or phone
     * number, whatever the case. A word of one or two characters must stand at the beginning of one of
     * them. A whole id finds its account, and a whole phone number in any spelling the accounts that
     * have it.
     */
    search?: string
    /** Only accounts that may, or may not, sign in. */
    is_active?: boolean
    /** Only staff, or only others. */
    is_staff?: boolean
    /** Only superusers, or only others. */
    is_superuser?: boolean
    /** Only accounts that hold the role of this id. */
    role?: string
    /** Only the account of this name, whatever the case. */
    username?: string
    /** Only the account of this address, whatever the case. */
    email?: string
    /** Only accounts with this phone number. */
    phone_number?: string
    /** Only accounts made at this instant or later. */
    date_joined_after?: string
    /** Only accounts made at this instant or earlier. */
    date_joined_before?: string
    /** Only accounts that last signed in at this instant or later. */
    last_login_after?: string
    /** Only accounts that last signed in at this instant or earlier. */
    last_login_before?: string
  }
  /** Where the filter goes on: `next` of the answer before. Only with `filter`. */
  cursor?: string
}

/** Which accounts to activate or deactivate, and why. */
export interface BulkActivation {
  /** Which accounts, by their ids: 1 to 1,000. Either this or `filter`. */
  ids?: string[]
  /** Which accounts, by the filters of the list; without any: all. No others are taken. */
  filter?: {
    /**
     * Words, separated by spaces, that must all occur in the username, names, e-mail address or phone
     * number, whatever the case. A word of one or two characters must stand at the beginning of one of
     * them. A whole id finds its account, and a whole phone number in any spelling the accounts that
     * have it.
     */
    search?: string
    /** Only accounts that may, or may not, sign in. */
    is_active?: boolean
    /** Only staff, or only others. */
    is_staff?: boolean
    /** Only superusers, or only others. */
    is_superuser?: boolean
    /** Only accounts that hold the role of this id. */
    role?: string
    /** Only the account of this name, whatever the case. */
    username?: string
    /** Only the account of this address, whatever the case. */
    email?: string
    /** Only accounts with this phone number. */
    phone_number?: string
    /** Only accounts made at this instant or later. */
    date_joined_after?: string
    /** Only accounts made at this instant or earlier. */
    date_joined_before?: string
    /** Only accounts that last signed in at this instant or later. */
    last_login_after?: string
    /** Only accounts that last signed in at this instant or earlier. */
    last_login_before?: string
  }
  /** Where the filter goes on: `next` of the answer before. Only with `filter`. */
  cursor?: string
  /**
   * Why `is_active` is changed: kept in the audit trail, where the account reads it too, and nowhere
   * else.
   */
  reason?: string
}

/** Which accounts to give a role to or take it from. */
export interface BulkRole {
  /** Which accounts, by their ids: 1 to 1,000. Either this or `filter`. */
  ids?: string[]
  /** Which accounts, by the filters of the list; without any: all. No others are taken. */
  filter?: {
    /**
     * Words, separated by spaces, that must all occur in the username, names, e-mail address or phone
     * number, whatever the case. A word of one or two characters must stand at the beginning of one of
     * them. A whole id finds its account, and a whole phone number in any spelling the accounts that
     * have it.
     */
    search?: string
    /** Only accounts that may, or may not, sign in. */
    is_active?: boolean
    /** Only staff, or only others. */
    is_staff?: boolean
    /** Only superusers, or only others. */
    is_superuser?: boolean
    /** Only accounts that hold the role of this id. */
    role?: string
    /** Only the account of this name, whatever the case. */
    username?: string
    /** Only the account of this address, whatever the case. */
    email?: string
    /** Only accounts with this phone number. */
    phone_number?: string
    /** Only accounts made at this instant or later. */
    date_joined_after?: string
    /** Only accounts made at this instant or earlier. */
    date_joined_before?: string
    /** Only accounts that last signed in at this instant or later. */
    last_login_after?: string
    /** Only accounts that last signed in at this instant or earlier. */
    last_login_before?: string
  }
  /** Where the filter goes on: `next` of the answer before. Only with `filter`. */
  cursor?: string
  /** The id of the role. */
  role: string
}

/** What became of one account. */
export interface BulkOutcome {
  /** The id of the account. */
  id: string
  /** Its username; `null` where there is no such account. */
  username: string | null
  /** Whether it is now as was asked; also if it was before. */
  ok: boolean
  /** Why not, for programs; `null` if it is. */
  code: ProblemCode | null
  /** Why not, for people; `null` if it is. */
  detail: string | null
}

/** What became of each account. */
export interface BulkResult {
  /** One entry per account, in the order of `ids`, or of their ids with `filter`. */
  results: BulkOutcome[]
  /** The `cursor` for the next request with the same `filter`; `null` when no account is left. */
  next: string | null
}

/** What a person signs in with. */
export interface Credentials {
  /** The username or the e-mail address. */
  username: string
  /** The password, exactly as it was set. */
  password: string
  /**
   * Where the refresh token goes: into the answer, or, for browsers, into a cookie that no script
   * can read.
   *
   * @default "body"
   */
  transport?: 'body' | 'cookie'
}

/** The tokens of a session. */
export interface TokenPair {
  /** The access token, a JWT: send it as `Authorization: Bearer …`. */
  access: string
  /**
   * The refresh token, opaque: exchange it for the next pair, once. `null` where it went into the
   * cookie.
   */
  refresh: string | null
  /** How the access token is sent. */
  token_type: 'Bearer'
  /** Seconds until the access token expires. */
  expires_in: number
}

/** The refresh token of a session. */
export interface RefreshToken {
  /** The refresh token. Absent where the browser sends it as a cookie. */
  refresh?: string
}

/** Which sessions to end. */
export interface SignOut {
  /** The refresh token. Absent where the browser sends it as a cookie. */
  refresh?: string
  /**
   * Which sessions end: this one, every other one of the account, or all of them.
   *
   * @default "this"
   */
  scope?: 'this' | 'others' | 'all'
}

/** A token to look at. */
export interface AnyToken {
  /** An access or a refresh token. */
  token: string
}

/** Proof of who calls. */
export interface Reauthentication {
  /** The password in force. */
  password: string
}

/** A new access token of the same session. */
export interface AccessToken {
  /** The access token, a JWT: send it as `Authorization: Bearer …`. */
  access: string
  /** How the access token is sent. */
  token_type: 'Bearer'
  /** Seconds until the access token expires. */
  expires_in: number
}

/** The password in force and the one to come. */
export interface PasswordChange {
  /** The password in force. */
  current_password: string
  /**
   * At least 8 and at most 128 characters of any kind, neither common nor similar to the rest of the
   * account. Taken exactly as sent, in Unicode normal form NFC.
   */
  new_password: string
}

/** The token of a link, and the password that its receiver chooses. */
export interface PasswordSetting {
  /** The one-time token of the link. */
  token: string
  /**
   * At least 8 and at most 128 characters of any kind, neither common nor similar to the rest of the
   * account. Taken exactly as sent, in Unicode normal form NFC.
   */
  new_password: string
}

/** A link that works once. */
export interface OneTimeLink {
  /** The link for its receiver, shown only now. The token stands behind the `#`. */
  url: string
  /** When the link stops working. */
  expires_at: string
}

/** Whom to invite. */
export interface Invitation {
  /**
   * The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept
   * in Unicode normal form NFKC.
   */
  username: string
  /** The e-mail address, unique whatever the case. It may be used to sign in. */
  email: string
  /** The given name. */
  first_name?: string | null
  /** The family name. */
  last_name?: string | null
  /**
   * The phone number. International ones (`+` first) are kept as E.164; national ones too where the
   * server has a default region, and as sent where it has none.
   */
  phone_number?: string | null
  /** The postal address, with line breaks. */
  address?: string | null
}

/** The account, which nobody can sign in to yet, and the link for its holder. */
export interface Invited {
  /** An account, as everybody who may see it sees it. */
  user: User
  /** A link that works once. */
  link: OneTimeLink
}

/** One thing that was done. */
export interface AuditEvent {
  /** The id of the event, a UUIDv7. */
  id: string
  /** When it was done. */
  at: string
  /** What was done. */
  action: AuditAction
  /** The account that did it; `null` for nobody signed in, and for the operator. */
  actor_id: string | null
  /** The session that it was done with. */
  actor_session_id: string | null
  /** What it was done to: `user`, `session`, `role` or `key`. */
  target_type: string | null
  /** Its id. */
  target_id: string | null
  /** The address it came from. */
  ip: string | null
  /** What the browser or program called itself. */
  user_agent: string | null
  /** The request, as in the logs of the server. */
  request_id: string | null
  /** What else there is to tell: `before` and `after` of changed members, never a secret. */
  details: {
    [key: string]: unknown
  }
}

/** One page of the audit trail. */
export interface AuditPage {
  /** The events of this page, newest first. */
  results: AuditEvent[]
  /** The URL of the next, older page, or `null` on the last one. */
  next: string | null
  /**
   * The URL of what is newer. On the newest page it answers what has come since, and nothing until
   * then: ask it, and then that of its answer, to follow the trail; at once after a full page.
   * Events of the last seconds may come twice: tell them apart by their id.
   */
  previous: string
}

/** Which events to list. */
export interface AuditQuery {
  /** Only what this account did. */
  actor?: string
  /** Only what was done to this account, session, role or key. */
  target?: string
  /** What was done. */
  action?: AuditAction
  /** Only events at this instant or later. */
  after?: string
  /** Only events at this instant or earlier. */
  before?: string
  /**
   * How many to a page.
   *
   * @default 50
   */
  limit?: number
  /** Where the page starts: taken from `next` or `previous`, never made by hand. */
  cursor?: string
}

/** Which part of a history. */
export interface HistoryQuery {
  /**
   * How many to a page.
   *
   * @default 50
   */
  limit?: number
  /** Where the page starts: taken from `next` or `previous`, never made by hand. */
  cursor?: string
}

/** The state of the chain of hashes that seals the trail. `rollcall audit verify` walks it. */
export interface AuditChain {
  /** How many events the chain holds. */
  sealed: number
  /** The position of the newest sealed event, counted from the first there ever was. */
  position: number
  /**
   * The hash of the newest sealed event. Kept elsewhere, with its position, it shows later whether
   * the chain was set back.
   */
  hash: string
  /** When the newest sealed event was done; `null` without any. */
  newest_at: string | null
  /** How many events wait to be sealed, which takes a second or two. */
  unsealed: number
  /** Whether both ends of the chain are as this server has signed them. */
  is_signed: boolean
}

/** What happens here, in numbers. */
export interface Overview {
  /** How many accounts there are. */
  users: UserCounts
  /** Accounts that were made. One entry for each of the last 30 days. */
  joined: DayCount[]
  /** Times that somebody signed in. One entry for each of the last 30 days. */
  sign_ins: DayCount[]
  /**
   * Times that a wrong name or password was given, or too often. One entry for each of the last 30
   * days.
   */
  sign_in_failures: DayCount[]
}

/** How many accounts there are. */
export interface UserCounts {
  /** All accounts. */
  total: number
  /** Those that may sign in. */
  active: number
  /** Those that are staff. */
  staff: number
  /** Those that are superusers. */
  superusers: number
  /** When they were counted; again after some seconds. */
  counted_at: string
}

/** How many there were on a day. */
export interface DayCount {
  /** The day in UTC, such as `2026-01-31`. */
  day: string
  /** How many there were. */
  count: number
}

/** How the system is. */
export interface SystemState {
  /** The version of Rollcall. */
  version: string
  /** The version of Node that it runs on. */
  node_version: string
  /** How long the process that answers has been running, in seconds. */
  uptime_seconds: number
  /** Where everything is kept. */
  database: {
    /** Which database. */
    name: 'SQLite' | 'PostgreSQL'
    /** Its version. */
    version: string
  }
  /** The migrations that the database still lacks; none in good order. */
  pending_migrations: string[]
  /** How many keys sign or verify access tokens, or soon will. */
  keys_in_force: number
  /** The state of the chain of hashes that seals the trail. `rollcall audit verify` walks it. */
  audit: AuditChain
  /** What is weak or wrong; none in good order. */
  findings: Finding[]
  /** When the findings were looked for; again after a minute. */
  examined_at: string
}

/** Something that the operator should know; `rollcall doctor` finds more. */
export interface Finding {
  /** A short name, for programs. */
  check: string
  /** Something wrong, or something that is only to be known. */
  kind: 'finding' | 'note'
  /** What is so. */
  what: string
  /** What it leads to. */
  why: string
  /** What to do about it. */
  remedy: string
}

/** A key that access tokens are signed with; never its private half. */
export interface SigningKey {
  /** The name of the key in the header of a token. */
  kid: string
  /** When the key was made. */
  created_at: string
  /** From when on it signs, until a younger key does. */
  signs_from: string
  /** Until when tokens that it has signed are accepted; `null` while nothing takes its place. */
  verifies_until: string | null
  /**
   * `next`: known already, and signing soon. `signing`: signs now. `retiring`: its last tokens are
   * still accepted. `retired`: none is any more.
   */
  state: SigningKeyState
}

/** Every key that is kept. */
export interface SigningKeyList {
  /** Every key, youngest first. */
  results: SigningKey[]
}

/** How to rotate the keys. */
export interface KeyRotation {
  /**
   * For a stolen key: the new one signs at once, and every token of the others is refused. All who
   * are signed in renew their tokens, the caller too.
   *
   * @default false
   */
  now?: boolean
}

/** One sign-in on one device. */
export interface Session {
  /** The id of the session. */
  id: string
  /** When the person signed in. */
  created_at: string
  /** When its tokens were last renewed. */
  last_used_at: string
  /** When it ends if it is not renewed. */
  expires_at: string
  /** The address that the person signed in from. */
  ip: string
  /** What the browser or program called itself. */
  user_agent: string | null
  /** The same in words, such as `Firefox on Windows`. */
  device: string | null
  /** Whether this request was made with it. */
  current: boolean
}

/** Where an account is signed in. */
export interface SessionList {
  /** Every session, last used first. */
  results: Session[]
}

/** A named set of permissions, given to accounts. */
export interface Role {
  /** The id of the role, a UUIDv7. */
  id: string
  /** The name of the role, unique whatever the case. */
  name: string
  /** What the role is for. */
  description: string
  /** The permissions that a holder of the role has. */
  permissions: Permission[]
  /** When the role was made. */
  created_at: string
  /** How many accounts hold the role. */
  holders: number
}

/** Every role. */
export interface RoleList {
  /** Every role, by name. */
  results: Role[]
}

/** A role to make, or as it shall be. */
export interface NewRole {
  /** The name of the role, unique whatever the case. */
  name: string
  /** What the role is for. */
  description?: string
  /** The permissions that a holder of the role has. */
  permissions: Permission[]
}

/** The members of a role to change; absent ones stay as they are. */
export interface RolePatch {
  /** The name of the role, unique whatever the case. */
  name?: string
  /** What the role is for. */
  description?: string
  /** The permissions that a holder of the role has. */
  permissions?: Permission[]
}

/** A permission and what it allows. */
export interface PermissionInfo {
  /** The name of a permission. */
  name: Permission
  /** What the permission allows. */
  description: string
}

/** Every permission there is. */
export interface PermissionList {
  /** Every permission. */
  results: PermissionInfo[]
}

/** What a page must know before anybody signs in. */
export interface Setup {
  /** Whether there is no superuser yet; `rollcall create-superuser` makes one. */
  needs_superuser: boolean
  /** Who may open an account: everybody, those whom staff invite, or nobody. */
  registration: 'open' | 'invite' | 'closed'
}

/** Every operation by its id, with its method and URL. */
export interface ApiIndex {
  [key: string]: {
    /** The HTTP method. */
    method: string
    /** The URL; `{id}` stands for an id. */
    href: string
  }
}

/** A public key that access tokens are verified with (RFC 7517). */
export interface Jwk {
  /** The family of the key (RFC 8037). */
  kty: 'OKP'
  /** The curve. */
  crv: 'Ed25519'
  /** The public key, in base64url. */
  x: string
  /** The name of the key in the header of a token. */
  kid: string
  /** The signature algorithm. */
  alg: 'EdDSA'
  /** What the key is for: signatures. */
  use: 'sig'
}

/** The public keys of the server (RFC 7517). */
export interface Jwks {
  /** The keys in force, and the one to come. */
  keys: Jwk[]
}

/** That the server is well. */
export interface Health {
  /** Always `ok`; anything else is a problem. */
  status: 'ok'
}

/** Why a request was refused (RFC 9457). */
export interface Problem {
  /** A link to the description of the code. */
  type: string
  /** The problem in a few words, the same for every case. */
  title: string
  /** The HTTP status, repeated. */
  status: number
  /** What went wrong this time and what to do about it. */
  detail: string
  /** What went wrong, for programs. */
  code: ProblemCode
  /** Names this request in the logs of the server. */
  request_id: string
  /** One entry per member that is not valid. */
  errors?: FieldProblem[]
}

/** What is wrong with one member of the input. */
export interface FieldProblem {
  /** The member, or the query parameter, that is meant. */
  field: string
  /** What is wrong with it, for programs. */
  code: FieldProblemCode
  /** What is wrong with it, for people. */
  detail: string
}

/** The codes of the problems that each operation can be refused with. */
export interface ProblemCodes {
  register:
    | 'permission_denied'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'token.create':
    | 'no_active_account'
    | 'permission_denied'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'token.refresh':
    | 'token_not_valid'
    | 'permission_denied'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'token.verify':
    | 'token_not_valid'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'token.reauthenticate':
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.list':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.export':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.create':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.me':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.replaceMe':
    | 'precondition_failed'
    | 'last_superuser'
    | 'reauthentication_required'
    | 'permission_denied'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.updateMe':
    | 'precondition_failed'
    | 'last_superuser'
    | 'reauthentication_required'
    | 'permission_denied'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.deleteMe':
    | 'precondition_failed'
    | 'last_superuser'
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.get':
    | 'validation_failed'
    | 'parse_error'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.replace':
    | 'precondition_failed'
    | 'last_superuser'
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.update':
    | 'precondition_failed'
    | 'last_superuser'
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.setRoles':
    | 'precondition_failed'
    | 'last_superuser'
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.sessions':
    | 'validation_failed'
    | 'parse_error'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.endSessions':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.audit':
    | 'validation_failed'
    | 'parse_error'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.myAudit':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.passwordLink':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'users.delete':
    | 'precondition_failed'
    | 'last_superuser'
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'bulk.activate':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'bulk.deactivate':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'bulk.delete':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'bulk.endSessions':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'bulk.addRole':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'bulk.removeRole':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'password.set':
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'password.change':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'sessions.list':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'sessions.delete':
    | 'permission_denied'
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'roles.list':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'roles.create':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'roles.get':
    | 'validation_failed'
    | 'parse_error'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'roles.replace':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'roles.update':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'roles.delete':
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_found'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'permissions.list':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'invitations.create':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_in_flight'
    | 'idempotency_mismatch'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'audit.list':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'audit.chain':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  overview:
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  system:
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'keys.list':
    | 'validation_failed'
    | 'parse_error'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'keys.rotate':
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'permission_denied'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  logout:
    | 'permission_denied'
    | 'reauthentication_required'
    | 'validation_failed'
    | 'parse_error'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'not_authenticated'
    | 'token_not_valid'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  setup:
    | 'validation_failed'
    | 'parse_error'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  index:
    | 'validation_failed'
    | 'parse_error'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  jwks: 'validation_failed' | 'parse_error' | 'throttled' | 'internal_error' | 'service_unavailable'
  'health.live':
    | 'validation_failed'
    | 'parse_error'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
  'health.ready':
    | 'validation_failed'
    | 'parse_error'
    | 'throttled'
    | 'internal_error'
    | 'service_unavailable'
}

/** The id of an operation: `users.list` is `client.users.list()`. */
export type OperationId = keyof ProblemCodes

/** The operations that read, and change nothing. */
export type ReadId =
  | 'users.list'
  | 'users.me'
  | 'users.get'
  | 'users.sessions'
  | 'users.audit'
  | 'users.myAudit'
  | 'sessions.list'
  | 'roles.list'
  | 'roles.get'
  | 'permissions.list'
  | 'audit.list'
  | 'audit.chain'
  | 'overview'
  | 'system'
  | 'keys.list'
  | 'setup'
  | 'index'
  | 'jwks'
  | 'health.live'
  | 'health.ready'

/** The operations of `client.token`. */
export interface TokenResource {
  /**
   * Sign in.
   *
   * Opens a session and answers its tokens. An unknown name, a wrong password and an inactive
   * account are all refused alike. Too many failures in a row have to wait (`throttled`). A cookie
   * is given to pages of this server and of the origins it is set to serve, and to no others.
   *
   * `POST /api/token/`, for anyone.
   *
   * @param body What a person signs in with.
   * @throws {ApiError} `no_active_account`, `permission_denied`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  create(body: Credentials, options?: CallOptions): Call<TokenPair, ProblemCodes['token.create']>

  /**
   * Renew the tokens.
   *
   * Exchanges the refresh token for the next pair; the one sent is spent. Sent again within 10
   * seconds it answers the same successor; sent later it ends the session, since it may have been
   * stolen. A refresh token in the cookie counts when `X-Rollcall-CSRF: 1` comes with it, from a
   * page of this server or of an origin it is set to serve; the next one goes into the cookie again.
   *
   * `POST /api/token/refresh/`, for anyone.
   *
   * @param body The refresh token of a session.
   * @throws {ApiError} `token_not_valid`, `permission_denied`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  refresh(body: RefreshToken, options?: CallOptions): Call<TokenPair, ProblemCodes['token.refresh']>

  /**
   * Check a token.
   *
   * Tells whether an access or refresh token would be accepted now.
   *
   * `POST /api/token/verify/`, for anyone.
   *
   * @param body A token to look at.
   * @throws {ApiError} `token_not_valid`, `validation_failed`, `parse_error`, `payload_too_large`,
   * `unsupported_media_type`, `throttled`, `internal_error`, `service_unavailable`.
   */
  verify(body: AnyToken, options?: CallOptions): Call<object, ProblemCodes['token.verify']>

  /**
   * Prove again who you are.
   *
   * Notes that the caller has just given the password, which sensitive changes demand of the last
   * five minutes, and answers an access token that says so; those from before are refused, and the
   * refresh token stays as it is. A wrong password is reported as `password_incorrect`.
   *
   * `POST /api/token/reauthenticate/`, for anyone signed in.
   *
   * @param body Proof of who calls.
   * @throws {ApiError} `validation_failed`, `parse_error`, `payload_too_large`,
   * `unsupported_media_type`, `not_authenticated`, `token_not_valid`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  reauthenticate(
    body: Reauthentication,
    options?: CallOptions,
  ): Call<AccessToken, ProblemCodes['token.reauthenticate']>
}

/** The operations of `client.users`. */
export interface UsersResource {
  /**
   * List and search accounts.
   *
   * Lists accounts page by page, in any of the orderings, narrowed by filters and a search. A cursor
   * of another ordering, and an unknown parameter, are refused.
   *
   * `GET /api/users/`, for holders of `users.view`.
   *
   * @param query Which accounts to list, and how.
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  list(
    query?: UserListQuery,
    options?: CallOptions,
  ): List<UserPage, User, ProblemCodes['users.list']>

  /**
   * Export accounts.
   *
   * Answers every account that the filters and the search select, one by one for as long as the
   * caller reads, as a file to be saved: CSV (RFC 4180) with a header row, or one JSON object per
   * line. In CSV, text that a spreadsheet would take for a formula begins with an apostrophe. The
   * audit trail notes the filters and how many accounts were answered.
   *
   * Resolves as soon as the answer begins, with the `Response` itself: read its `body` as it comes,
   * or save it whole with `blob()`. From then on no time limit holds; the `signal` ends it.
   *
   * `GET /api/users/export/`, for holders of `users.export`.
   *
   * @param query Which accounts to export, and how.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  export(
    query?: UserExportQuery,
    options?: CallOptions,
  ): Call<Response, ProblemCodes['users.export']>

  /**
   * Make an account for somebody.
   *
   * Makes an account that nobody can sign in to before its holder has set a password by the link of
   * `users.passwordLink`. Unlike a registration it may set `is_active`, `is_staff` and
   * `is_superuser`, and take a reserved username.
   *
   * `POST /api/users/`, for holders of `users.create`.
   *
   * @param body What staff give to make an account.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  create(body: NewUser, options?: KeyedOptions): Call<User, ProblemCodes['users.create']>

  /**
   * See the own account.
   *
   * Answers the account that the access token belongs to, and what it may do.
   *
   * `GET /api/users/me/`, for anyone signed in.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `throttled`, `internal_error`, `service_unavailable`.
   */
  me(options?: CallOptions): Call<OwnUser, ProblemCodes['users.me']>

  /**
   * Replace the own account.
   *
   * Replaces the members of the own account; the required ones must all be there. The caller needs
   * `users.activate` to change `is_active`, `users.update` to change `is_staff`, and must be a
   * superuser to change `is_superuser`; `current_password` is needed to change the own password;
   * nobody sets another’s. Nobody changes an account that holds more than they do.
   *
   * `PUT /api/users/me/`, for anyone signed in.
   *
   * @param body An account as it shall be. Absent optional members stay as they are.
   * @throws {ApiError} `precondition_failed`, `last_superuser`, `reauthentication_required`,
   * `permission_denied`, `validation_failed`, `parse_error`, `payload_too_large`,
   * `unsupported_media_type`, `not_authenticated`, `token_not_valid`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  replaceMe(
    body: UserReplacement,
    options?: ConditionalOptions,
  ): Call<User, ProblemCodes['users.replaceMe']>

  /**
   * Change the own account.
   *
   * Changes some members of the own account; absent ones stay as they are. The caller needs
   * `users.activate` to change `is_active`, `users.update` to change `is_staff`, and must be a
   * superuser to change `is_superuser`; `current_password` is needed to change the own password;
   * nobody sets another’s. Nobody changes an account that holds more than they do.
   *
   * `PATCH /api/users/me/`, for anyone signed in.
   *
   * @param body The members of an account to change; absent ones stay as they are.
   * @throws {ApiError} `precondition_failed`, `last_superuser`, `reauthentication_required`,
   * `permission_denied`, `validation_failed`, `parse_error`, `payload_too_large`,
   * `unsupported_media_type`, `not_authenticated`, `token_not_valid`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  updateMe(
    body: UserPatch,
    options?: ConditionalOptions,
  ): Call<User, ProblemCodes['users.updateMe']>

  /**
   * Delete the own account.
   *
   * Deletes the own account for good. All its tokens are refused from then on.
   *
   * `DELETE /api/users/me/`, for anyone signed in.
   *
   * @throws {ApiError} `precondition_failed`, `last_superuser`, `reauthentication_required`,
   * `validation_failed`, `parse_error`, `payload_too_large`, `unsupported_media_type`,
   * `not_authenticated`, `token_not_valid`, `throttled`, `internal_error`, `service_unavailable`.
   */
  deleteMe(options?: ConditionalOptions): Call<void, ProblemCodes['users.deleteMe']>

  /**
   * See an account.
   *
   * Answers one account: the own one, or any with `users.view`.
   *
   * `GET /api/users/:id/`, for the account itself and holders of `users.view`.
   *
   * @param id The account’s id.
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  get(id: string, options?: CallOptions): Call<User, ProblemCodes['users.get']>

  /**
   * Replace an account.
   *
   * Replaces the members of an account; the required ones must all be there. The caller needs
   * `users.activate` to change `is_active`, `users.update` to change `is_staff`, and must be a
   * superuser to change `is_superuser`; `current_password` is needed to change the own password;
   * nobody sets another’s. Nobody changes an account that holds more than they do.
   *
   * `PUT /api/users/:id/`, for the account itself and holders of `users.update`.
   *
   * @param id The account’s id.
   * @param body An account as it shall be. Absent optional members stay as they are.
   * @throws {ApiError} `precondition_failed`, `last_superuser`, `reauthentication_required`,
   * `validation_failed`, `parse_error`, `payload_too_large`, `unsupported_media_type`, `not_found`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  replace(
    id: string,
    body: UserReplacement,
    options?: ConditionalOptions,
  ): Call<User, ProblemCodes['users.replace']>

  /**
   * Change an account.
   *
   * Changes some members of an account; absent ones stay as they are. The caller needs
   * `users.activate` to change `is_active`, `users.update` to change `is_staff`, and must be a
   * superuser to change `is_superuser`; `current_password` is needed to change the own password;
   * nobody sets another’s. Nobody changes an account that holds more than they do.
   *
   * `PATCH /api/users/:id/`, for the account itself and holders of `users.update`.
   *
   * @param id The account’s id.
   * @param body The members of an account to change; absent ones stay as they are.
   * @throws {ApiError} `precondition_failed`, `last_superuser`, `reauthentication_required`,
   * `validation_failed`, `parse_error`, `payload_too_large`, `unsupported_media_type`, `not_found`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  update(
    id: string,
    body: UserPatch,
    options?: ConditionalOptions,
  ): Call<User, ProblemCodes['users.update']>

  /**
   * Give roles to an account.
   *
   * Replaces the roles of an account; the rights are in force from its next request on. Nobody gives
   * or takes a role with a permission that they do not hold.
   *
   * `PUT /api/users/:id/roles/`, for holders of `roles.manage`.
   *
   * @param id The account’s id.
   * @param body The roles of an account.
   * @throws {ApiError} `precondition_failed`, `last_superuser`, `reauthentication_required`,
   * `validation_failed`, `parse_error`, `payload_too_large`, `unsupported_media_type`, `not_found`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  setRoles(
    id: string,
    body: UserRoles,
    options?: ConditionalOptions,
  ): Call<User, ProblemCodes['users.setRoles']>

  /**
   * List the sessions of an account.
   *
   * Answers where an account is signed in: the own one, or any with `sessions.view`.
   *
   * `GET /api/users/:id/sessions/`, for the account itself and holders of `sessions.view`.
   *
   * @param id The account’s id.
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  sessions(id: string, options?: CallOptions): Call<SessionList, ProblemCodes['users.sessions']>

  /**
   * Sign an account out everywhere.
   *
   * Ends every session of an account: the own one, or any with `sessions.revoke`.
   *
   * `DELETE /api/users/:id/sessions/`, for the account itself and holders of `sessions.revoke`.
   *
   * @param id The account’s id.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  endSessions(id: string, options?: CallOptions): Call<void, ProblemCodes['users.endSessions']>

  /**
   * Read the history of an account.
   *
   * Lists what was done to an account and by it, newest first.
   *
   * `GET /api/users/:id/audit/`, for holders of `audit.view`.
   *
   * @param id The account’s id.
   * @param query Which part of a history.
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  audit(
    id: string,
    query?: HistoryQuery,
    options?: CallOptions,
  ): List<AuditPage, AuditEvent, ProblemCodes['users.audit']>

  /**
   * Read the own history.
   *
   * Lists what was done to the own account and by it, newest first.
   *
   * `GET /api/users/me/audit/`, for anyone signed in.
   *
   * @param query Which part of a history.
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `throttled`, `internal_error`, `service_unavailable`.
   */
  myAudit(
    query?: HistoryQuery,
    options?: CallOptions,
  ): List<AuditPage, AuditEvent, ProblemCodes['users.myAudit']>

  /**
   * Make a link to set a password.
   *
   * Answers a link by which the holder of an account sets a new password, once, within 24 hours. A
   * newer link ends an older one. Staff never see or choose a password.
   *
   * `POST /api/users/:id/password-link/`, for holders of `users.update`.
   *
   * @param id The account’s id.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  passwordLink(
    id: string,
    options?: CallOptions,
  ): Call<OneTimeLink, ProblemCodes['users.passwordLink']>

  /**
   * Delete an account.
   *
   * Deletes an account for good. All its tokens are refused from then on.
   *
   * `DELETE /api/users/:id/`, for the account itself and holders of `users.delete`.
   *
   * @param id The account’s id.
   * @throws {ApiError} `precondition_failed`, `last_superuser`, `reauthentication_required`,
   * `validation_failed`, `parse_error`, `payload_too_large`, `unsupported_media_type`, `not_found`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  delete(id: string, options?: ConditionalOptions): Call<void, ProblemCodes['users.delete']>
}

/** The operations of `client.bulk`. */
export interface BulkResource {
  /**
   * Activate many accounts.
   *
   * Lets up to 1,000 accounts sign in again. Each account is dealt with by itself, by the rules of
   * the single operation: one that is refused says why in `results`, and leaves the others as they
   * are.
   *
   * `POST /api/users/bulk/activate/`, for holders of `users.activate`.
   *
   * @param body Which accounts to activate or deactivate, and why.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  activate(
    body: BulkActivation,
    options?: KeyedOptions,
  ): Call<BulkResult, ProblemCodes['bulk.activate']>

  /**
   * Deactivate many accounts.
   *
   * Ends the sessions of up to 1,000 accounts and lets them sign in no more. The own account is left
   * out. Each account is dealt with by itself, by the rules of the single operation: one that is
   * refused says why in `results`, and leaves the others as they are.
   *
   * `POST /api/users/bulk/deactivate/`, for holders of `users.activate`.
   *
   * @param body Which accounts to activate or deactivate, and why.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  deactivate(
    body: BulkActivation,
    options?: KeyedOptions,
  ): Call<BulkResult, ProblemCodes['bulk.deactivate']>

  /**
   * Delete many accounts.
   *
   * Deletes up to 1,000 accounts for good. The own account is left out. Each account is dealt with
   * by itself, by the rules of the single operation: one that is refused says why in `results`, and
   * leaves the others as they are.
   *
   * `POST /api/users/bulk/delete/`, for holders of `users.delete`.
   *
   * @param body Which accounts: `ids` or `filter`, and not both.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  delete(body: BulkSelection, options?: KeyedOptions): Call<BulkResult, ProblemCodes['bulk.delete']>

  /**
   * Sign many accounts out.
   *
   * Ends every session of up to 1,000 accounts. The own account is left out. Each account is dealt
   * with by itself, by the rules of the single operation: one that is refused says why in `results`,
   * and leaves the others as they are.
   *
   * `POST /api/users/bulk/end-sessions/`, for holders of `sessions.revoke`.
   *
   * @param body Which accounts: `ids` or `filter`, and not both.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  endSessions(
    body: BulkSelection,
    options?: KeyedOptions,
  ): Call<BulkResult, ProblemCodes['bulk.endSessions']>

  /**
   * Give a role to many accounts.
   *
   * Gives up to 1,000 accounts a role besides those that they hold. Nobody gives a role with a
   * permission that they do not hold. Each account is dealt with by itself, by the rules of the
   * single operation: one that is refused says why in `results`, and leaves the others as they are.
   *
   * `POST /api/users/bulk/add-role/`, for holders of `roles.manage`.
   *
   * @param body Which accounts to give a role to or take it from.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  addRole(body: BulkRole, options?: KeyedOptions): Call<BulkResult, ProblemCodes['bulk.addRole']>

  /**
   * Take a role from many accounts.
   *
   * Takes a role from up to 1,000 accounts. Nobody takes a role with a permission that they do not
   * hold. Each account is dealt with by itself, by the rules of the single operation: one that is
   * refused says why in `results`, and leaves the others as they are.
   *
   * `POST /api/users/bulk/remove-role/`, for holders of `roles.manage`.
   *
   * @param body Which accounts to give a role to or take it from.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  removeRole(
    body: BulkRole,
    options?: KeyedOptions,
  ): Call<BulkResult, ProblemCodes['bulk.removeRole']>
}

/** The operations of `client.password`. */
export interface PasswordResource {
  /**
   * Set a password by a link.
   *
   * Sets the password of the account that a one-time link was made for, and ends its sessions. It
   * does not sign in. A link that was used, replaced or has expired is reported as an invalid
   * `token`.
   *
   * `POST /api/password/set/`, for anyone.
   *
   * @param body The token of a link, and the password that its receiver chooses.
   * @throws {ApiError} `validation_failed`, `parse_error`, `payload_too_large`,
   * `unsupported_media_type`, `throttled`, `internal_error`, `service_unavailable`.
   */
  set(body: PasswordSetting, options?: CallOptions): Call<void, ProblemCodes['password.set']>

  /**
   * Change the own password.
   *
   * Sets a new password and ends every other session of the account. A wrong current password is
   * reported as `password_incorrect`.
   *
   * `POST /api/password/change/`, for anyone signed in.
   *
   * @param body The password in force and the one to come.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `not_authenticated`, `token_not_valid`,
   * `throttled`, `internal_error`, `service_unavailable`.
   */
  change(body: PasswordChange, options?: CallOptions): Call<void, ProblemCodes['password.change']>
}

/** The operations of `client.sessions`. */
export interface SessionsResource {
  /**
   * List the own sessions.
   *
   * Answers where the caller is signed in. No answer ever holds a token of a session.
   *
   * `GET /api/sessions/`, for anyone signed in.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `throttled`, `internal_error`, `service_unavailable`.
   */
  list(options?: CallOptions): Call<SessionList, ProblemCodes['sessions.list']>

  /**
   * End one session.
   *
   * Ends one session of the caller: its tokens are refused from then on. Who holds `sessions.revoke`
   * ends those of others too, after a recent sign-in.
   *
   * `DELETE /api/sessions/:id/`, for anyone signed in.
   *
   * @param id The id of the session.
   * @throws {ApiError} `permission_denied`, `reauthentication_required`, `validation_failed`,
   * `parse_error`, `payload_too_large`, `unsupported_media_type`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `throttled`, `internal_error`, `service_unavailable`.
   */
  delete(id: string, options?: CallOptions): Call<void, ProblemCodes['sessions.delete']>
}

/** The operations of `client.roles`. */
export interface RolesResource {
  /**
   * List the roles.
   *
   * Answers every role with its permissions and how many accounts hold it.
   *
   * `GET /api/roles/`, for holders of `roles.view`.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  list(options?: CallOptions): Call<RoleList, ProblemCodes['roles.list']>

  /**
   * Make a role.
   *
   * Makes a role. Nobody grants, changes or withdraws a permission that they do not hold:
   * `permission_denied` names the member.
   *
   * `POST /api/roles/`, for holders of `roles.manage`.
   *
   * @param body A role to make, or as it shall be.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  create(body: NewRole, options?: CallOptions): Call<Role, ProblemCodes['roles.create']>

  /**
   * See a role.
   *
   * Answers one role with its permissions and how many accounts hold it.
   *
   * `GET /api/roles/:id/`, for holders of `roles.view`.
   *
   * @param id The id of the role.
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  get(id: string, options?: CallOptions): Call<Role, ProblemCodes['roles.get']>

  /**
   * Replace a role.
   *
   * Replaces a role; whoever holds it has the new permissions from the next request on. Nobody
   * grants, changes or withdraws a permission that they do not hold: `permission_denied` names the
   * member.
   *
   * `PUT /api/roles/:id/`, for holders of `roles.manage`.
   *
   * @param id The id of the role.
   * @param body A role to make, or as it shall be.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  replace(
    id: string,
    body: NewRole,
    options?: CallOptions,
  ): Call<Role, ProblemCodes['roles.replace']>

  /**
   * Change a role.
   *
   * Changes some members of a role; whoever holds it has the new permissions from the next request
   * on. Nobody grants, changes or withdraws a permission that they do not hold: `permission_denied`
   * names the member.
   *
   * `PATCH /api/roles/:id/`, for holders of `roles.manage`.
   *
   * @param id The id of the role.
   * @param body The members of a role to change; absent ones stay as they are.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `not_found`, `not_authenticated`,
   * `token_not_valid`, `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  update(
    id: string,
    body: RolePatch,
    options?: CallOptions,
  ): Call<Role, ProblemCodes['roles.update']>

  /**
   * Delete a role.
   *
   * Deletes a role and takes it from everybody who holds it. Nobody grants, changes or withdraws a
   * permission that they do not hold: `permission_denied` names the member.
   *
   * `DELETE /api/roles/:id/`, for holders of `roles.manage`.
   *
   * @param id The id of the role.
   * @throws {ApiError} `validation_failed`, `parse_error`, `payload_too_large`,
   * `unsupported_media_type`, `not_found`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  delete(id: string, options?: CallOptions): Call<void, ProblemCodes['roles.delete']>
}

/** The operations of `client.permissions`. */
export interface PermissionsResource {
  /**
   * List the permissions.
   *
   * Answers every permission that a role can hold, with what it allows.
   *
   * `GET /api/permissions/`, for holders of `roles.view`.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  list(options?: CallOptions): Call<PermissionList, ProblemCodes['permissions.list']>
}

/** The operations of `client.invitations`. */
export interface InvitationsResource {
  /**
   * Invite somebody.
   *
   * Makes an account without a password, and a link by which its holder sets one, once, within 24
   * hours. Works in every mode of registration.
   *
   * `POST /api/invitations/`, for holders of `users.create`.
   *
   * @param body Whom to invite.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`,
   * `not_authenticated`, `token_not_valid`, `permission_denied`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  create(
    body: Invitation,
    options?: KeyedOptions,
  ): Call<Invited, ProblemCodes['invitations.create']>
}

/** The operations of `client.audit`. */
export interface AuditResource {
  /**
   * Read the audit trail.
   *
   * Lists what was done, newest first, narrowed by actor, target, action and time. The trail is
   * append-only and sealed by a chain of hashes.
   *
   * `GET /api/audit/`, for holders of `audit.view`.
   *
   * @param query Which events to list.
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  list(
    query?: AuditQuery,
    options?: CallOptions,
  ): List<AuditPage, AuditEvent, ProblemCodes['audit.list']>

  /**
   * See the chain of the audit trail.
   *
   * Answers where the chain of hashes ends, whether its ends are signed, and how many events wait to
   * be sealed. It reads a few rows, however long the trail is, and so proves nothing of what lies
   * between.
   *
   * `GET /api/audit/chain/`, for holders of `audit.view`.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  chain(options?: CallOptions): Call<AuditChain, ProblemCodes['audit.chain']>
}

/** The operations of `client.keys`. */
export interface KeysResource {
  /**
   * List the signing keys.
   *
   * Answers the keys that sign access tokens, with their ages. The public keys themselves are at
   * `/.well-known/jwks.json`.
   *
   * `GET /api/keys/`, for holders of `keys.view`.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  list(options?: CallOptions): Call<SigningKeyList, ProblemCodes['keys.list']>

  /**
   * Rotate the signing keys.
   *
   * Makes the next key and answers it. It signs after five minutes, when everybody has had the time
   * to fetch it, so that no token is refused meanwhile; with `now` at once.
   *
   * `POST /api/keys/rotate/`, for holders of `keys.rotate`.
   *
   * @param body How to rotate the keys.
   * @throws {ApiError} `reauthentication_required`, `validation_failed`, `parse_error`,
   * `payload_too_large`, `unsupported_media_type`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  rotate(body: KeyRotation, options?: CallOptions): Call<SigningKey, ProblemCodes['keys.rotate']>
}

/** The operations of `client.health`. */
export interface HealthResource {
  /**
   * Tell whether the process lives.
   *
   * Answers as long as the process can answer at all; asks nothing of the database.
   *
   * `GET /healthz`, for anyone.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  live(options?: CallOptions): Call<Health, ProblemCodes['health.live']>

  /**
   * Tell whether requests can be served.
   *
   * Answers when the database answers and is up to date, and a signing key is in force;
   * `service_unavailable` otherwise.
   *
   * `GET /readyz`, for anyone.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  ready(options?: CallOptions): Call<Health, ProblemCodes['health.ready']>
}

/** Every operation of the API, under its operation id. */

export interface Resources {
  /**
   * Open an account.
   *
   * Opens an account for the person who asks, unless the server takes no registrations
   * (`permission_denied`). A taken username or e-mail address is reported as `unique`, a weak
   * password with the reason.
   *
   * `POST /api/register/`, for anyone.
   *
   * @param body What a person gives to open an account.
   * @throws {ApiError} `permission_denied`, `validation_failed`, `parse_error`, `payload_too_large`,
   * `unsupported_media_type`, `idempotency_in_flight`, `idempotency_mismatch`, `throttled`,
   * `internal_error`, `service_unavailable`.
   */
  register(body: Registration, options?: KeyedOptions): Call<User, ProblemCodes['register']>

  readonly token: TokenResource

  readonly users: UsersResource

  readonly bulk: BulkResource

  readonly password: PasswordResource

  readonly sessions: SessionsResource

  readonly roles: RolesResource

  readonly permissions: PermissionsResource

  readonly invitations: InvitationsResource

  readonly audit: AuditResource

  /**
   * See the numbers.
   *
   * Answers how many accounts there are, and how many were made, signed in and failed to on each of
   * the last 30 days, oldest first, today included. What was done a moment ago counts after a second
   * or two.
   *
   * `GET /api/overview/`, for holders of `users.view`.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  overview(options?: CallOptions): Call<Overview, ProblemCodes['overview']>

  /**
   * See the state of the system.
   *
   * Answers the versions, the state of database, keys and audit chain, and what an examination of
   * settings and database has found. It never holds a secret, and is cheap enough to be asked every
   * ten seconds.
   *
   * `GET /api/system/`, for holders of `system.view`.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `not_authenticated`, `token_not_valid`,
   * `permission_denied`, `throttled`, `internal_error`, `service_unavailable`.
   */
  system(options?: CallOptions): Call<SystemState, ProblemCodes['system']>

  readonly keys: KeysResource

  /**
   * Sign out.
   *
   * Ends the session, or others of the account too: their access and refresh tokens are refused from
   * then on. Somebody else’s refresh token is refused with `permission_denied`. The refresh token
   * may come in the cookie, as when it is renewed; the cookie is then deleted. Ending more than this
   * session needs a password given in the last five minutes.
   *
   * `POST /api/logout/`, for anyone signed in.
   *
   * @param body Which sessions to end.
   * @throws {ApiError} `permission_denied`, `reauthentication_required`, `validation_failed`,
   * `parse_error`, `payload_too_large`, `unsupported_media_type`, `not_authenticated`,
   * `token_not_valid`, `throttled`, `internal_error`, `service_unavailable`.
   */
  logout(body: SignOut, options?: CallOptions): Call<void, ProblemCodes['logout']>

  /**
   * Tell what a sign-in page must know.
   *
   * Answers whether the first superuser is still to be made, and who may register.
   *
   * `GET /api/setup/`, for anyone.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  setup(options?: CallOptions): Call<Setup, ProblemCodes['setup']>

  /**
   * List the operations.
   *
   * Answers every operation of the API by its id, with its method and URL.
   *
   * `GET /api/`, for anyone.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  index(options?: CallOptions): Call<ApiIndex, ProblemCodes['index']>

  /**
   * Get the public keys.
   *
   * Answers the keys that access tokens are verified with. Keep them for at most 5 minutes and ask
   * again for an unknown `kid`.
   *
   * `GET /.well-known/jwks.json`, for anyone.
   *
   * @throws {ApiError} `validation_failed`, `parse_error`, `throttled`, `internal_error`,
   * `service_unavailable`.
   */
  jwks(options?: CallOptions): Call<Jwks, ProblemCodes['jwks']>

  readonly health: HealthResource
}
