import type { Columns } from './columns.sqlite.ts'

/** Every table, defined once over the column kit of a dialect. */
export function defineTables(columns: Columns) {
  const { table, index, uniqueIndex, text, optionalText, integer, boolean, instant } = columns

  const users = table(
    'users',
    {
      ...columns.rowKey,
      id: columns.id(),
      username: text('username'),
      /** Canonical form, unique; see canonical.ts. */
      usernameKey: columns.key('username_key'),
      email: text('email'),
      emailKey: columns.key('email_key'),
      passwordHash: text('password_hash'),
      firstName: optionalText('first_name'),
      lastName: optionalText('last_name'),
      phoneNumber: optionalText('phone_number'),
      address: optionalText('address'),
      isActive: boolean('is_active'),
      isStaff: boolean('is_staff'),
      isSuperuser: boolean('is_superuser'),
      /** Spares the others a look at `user_roles` on every request. */
      hasRoles: boolean('has_roles').default(false),
      dateJoined: instant('date_joined'),
      /** `neverSignedIn` before the first time, so that it sorts alike on both databases. */
      lastLogin: instant('last_login'),
      /** Grows with every edit; the `ETag`. */
      version: integer('version'),
      /** Canonical form of all that a search looks at. */
      searchText: columns.key('search_text'),
    },
    (user) => [
      uniqueIndex('users_username_key').on(user.usernameKey),
      uniqueIndex('users_email_key').on(user.emailKey),
      index('users_phone_number').on(user.phoneNumber),
      index('users_date_joined').on(user.dateJoined, user.id),
      index('users_last_login').on(user.lastLogin, user.id),
      index('users_inactive').on(user.id).where(columns.isFalse('is_active')),
      index('users_staff').on(user.id).where(columns.isTrue('is_staff')),
      index('users_superusers').on(user.id).where(columns.isTrue('is_superuser')),
    ],
  )

  const sessions = table(
    'sessions',
    {
      id: columns.id(),
      userId: columns.reference('user_id').references(() => users.id, { onDelete: 'cascade' }),
      /** How often the refresh token was exchanged; only the newest one is accepted. */
      generation: integer('generation'),
      ip: text('ip'),
      userAgent: optionalText('user_agent'),
      /** When the person proved who they are. */
      createdAt: instant('created_at'),
      lastUsedAt: instant('last_used_at'),
      expiresAt: instant('expires_at'),
      /** When the person proved it again; `null` until then. */
      reauthenticatedAt: columns.optionalInstant('reauthenticated_at'),
    },
    (session) => [
      index('sessions_user_id').on(session.userId),
      index('sessions_expires_at').on(session.expiresAt),
    ],
  )

  const signingKeys = table('signing_keys', {
    id: columns.id(),
    /** The `x` of the public JWK. */
    publicKey: text('public_key'),
    /** The private JWK member `d`, sealed under the server's secret. */
    sealedPrivateKey: text('sealed_private_key'),
    createdAt: instant('created_at'),
    /** Signs from then on, until a younger key does. */
    signsFrom: instant('signs_from'),
    /** Verifies until then; `null` while nothing has taken its place. */
    verifiesUntil: columns.optionalInstant('verifies_until'),
  })

  const roles = table(
    'roles',
    {
      id: columns.id(),
      name: text('name'),
      nameKey: columns.key('name_key'),
      description: text('description'),
      /** A JSON array of permission names. */
      permissions: text('permissions'),
      createdAt: instant('created_at'),
    },
    (role) => [uniqueIndex('roles_name_key').on(role.nameKey)],
  )

  const userRoles = table(
    'user_roles',
    {
      userId: columns.reference('user_id').references(() => users.id, { onDelete: 'cascade' }),
      roleId: columns.reference('role_id').references(() => roles.id, { onDelete: 'cascade' }),
    },
    (userRole) => [
      uniqueIndex('user_roles_pair').on(userRole.userId, userRole.roleId),
      index('user_roles_role_id').on(userRole.roleId),
    ],
  )

  const oneTimeTokens = table(
    'one_time_tokens',
    {
      id: columns.id(),
      purpose: text('purpose'),
      userId: columns.reference('user_id').references(() => users.id, { onDelete: 'cascade' }),
      /** SHA-256: the token itself is shown once and kept nowhere. */
      secretHash: columns.key('secret_hash'),
      createdAt: instant('created_at'),
      expiresAt: instant('expires_at'),
      usedAt: columns.optionalInstant('used_at'),
    },
    (token) => [
      uniqueIndex('one_time_tokens_secret_hash').on(token.secretHash),
      index('one_time_tokens_user_id').on(token.userId),
      index('one_time_tokens_expires_at').on(token.expiresAt),
    ],
  )

  /** Failed proofs in a row, by what is guarded; see features/attempts. */
  const attempts = table(
    'attempts',
    {
      key: columns.key('key'),
      failures: integer('failures'),
      lastFailedAt: instant('last_failed_at'),
      blockedUntil: instant('blocked_until'),
    },
    (attempt) => [
      uniqueIndex('attempts_key').on(attempt.key),
      index('attempts_last_failed_at').on(attempt.lastFailedAt),
    ],
  )

  /** Requests that carried an `Idempotency-Key`; see features/idempotency. */
  const idempotencyKeys = table(
    'idempotency_keys',
    {
      /** A keyed hash of the caller and the key. */
      keyHash: columns.key('key_hash'),
      /** A keyed hash of the request that came with it. */
      requestHash: text('request_hash'),
      /** Which attempt at the request holds the key. */
      claimId: text('claim_id'),
      /** What was answered, sealed under the server's secret; `null` while it is under way. */
      sealedAnswer: optionalText('sealed_answer'),
      expiresAt: instant('expires_at'),
    },
    (row) => [
      uniqueIndex('idempotency_keys_key_hash').on(row.keyHash),
      index('idempotency_keys_expires_at').on(row.expiresAt),
    ],
  )

  /** Who did what to whom; written with what it tells of, and never changed (see features/audit). */
  const auditEvents = table(
    'audit_events',
    {
      id: columns.id(),
      at: instant('at'),
      action: columns.key('action'),
      /** No references: the trail outlives the accounts. */
      actorId: columns.optionalText('actor_id'),
      actorSessionId: columns.optionalText('actor_session_id'),
      targetType: columns.optionalText('target_type'),
      targetId: columns.optionalText('target_id'),
      ip: columns.optionalText('ip'),
      userAgent: columns.optionalText('user_agent'),
      requestId: columns.optionalText('request_id'),
      /** JSON: the changed members before and after, and what else there is to tell. */
      details: text('details'),
    },
    (event) => [
      index('audit_events_actor').on(event.actorId, event.id),
      index('audit_events_target').on(event.targetId, event.id),
      index('audit_events_action').on(event.action, event.id),
      index('audit_events_at').on(event.at),
    ],
  )

  /** Events that no seal covers yet. */
  const auditUnsealed = table('audit_unsealed', { eventId: columns.key('event_id') }, (row) => [
    uniqueIndex('audit_unsealed_event_id').on(row.eventId),
  ])

  /** The chain over the events, in the order of their sealing. */
  const auditSeals = table(
    'audit_seals',
    {
      position: integer('position'),
      eventId: columns.key('event_id'),
      hash: text('hash'),
    },
    (seal) => [
      uniqueIndex('audit_seals_position').on(seal.position),
      uniqueIndex('audit_seals_event_id').on(seal.eventId),
    ],
  )

  /** One row: where the chain begins and ends, signed, so that no end of it can be cut off. */
  const auditChain = table(
    'audit_chain',
    {
      key: columns.key('key'),
      /** The position and hash before the first seal that is kept. */
      startPosition: integer('start_position'),
      startHash: text('start_hash'),
      endPosition: integer('end_position'),
      endHash: text('end_hash'),
      signature: text('signature'),
      /** Events before this instant may be deleted: their time of keeping is over. */
      deletableBefore: instant('deletable_before'),
    },
    (chain) => [uniqueIndex('audit_chain_key').on(chain.key)],
  )

  /** How often something happened on a day in UTC; the sealer of the trail counts. */
  const dailyCounts = table(
    'daily_counts',
    {
      /** Such as `2026-01-31`. */
      day: columns.key('day'),
      name: columns.key('name'),
      count: integer('count'),
    },
    (row) => [uniqueIndex('daily_counts_day_name').on(row.day, row.name)],
  )

  return {
    users,
    sessions,
    signingKeys,
    roles,
    userRoles,
    oneTimeTokens,
    attempts,
    idempotencyKeys,
    auditEvents,
    auditUnsealed,
    auditSeals,
    auditChain,
    dailyCounts,
  }
}

export type Tables = ReturnType<typeof defineTables>
export type UserRow = Tables['users']['$inferSelect']
export type SessionRow = Tables['sessions']['$inferSelect']
export type RoleRow = Tables['roles']['$inferSelect']
export type OneTimeTokenRow = Tables['oneTimeTokens']['$inferSelect']
export type IdempotencyKeyRow = Tables['idempotencyKeys']['$inferSelect']
export type AuditEventRow = Tables['auditEvents']['$inferSelect']
export type SigningKeyRow = Tables['signingKeys']['$inferSelect']
