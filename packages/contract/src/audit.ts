import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { holders } from './permissions.ts'
import { instant, optionalInstant } from './text.ts'

/** Everything that the audit trail tells of, with what it means. */
export const auditActions = {
  'sign_in.succeeded': 'Somebody signed in.',
  'sign_in.failed': 'Somebody gave a wrong name or password, or the account is inactive.',
  'sign_in.throttled': 'Somebody tried too often and was told to wait.',
  'reauthentication.succeeded': 'Somebody proved again who they are.',
  'reauthentication.failed': 'Somebody gave a wrong password when asked to prove who they are.',
  'session.ended': 'A session was ended by its holder or by staff.',
  'session.evicted': 'The oldest session gave way to a new one.',
  'session.reused': 'A spent refresh token came back; its session was ended.',
  'user.registered': 'Somebody opened an account.',
  'user.created': 'Staff made an account.',
  'user.updated': 'Members of an account were changed.',
  'user.deleted': 'An account was deleted.',
  'users.exported': 'Accounts were exported.',
  'user.roles_changed': 'An account was given other roles.',
  'password.changed': 'Somebody changed their own password.',
  'password.reset': 'The operator set a password at the command line.',
  'password.link_made': 'Staff made a link to set a password.',
  'password.set': 'Somebody set a password by a link.',
  'invitation.made': 'Staff invited somebody.',
  'role.created': 'A role was made.',
  'role.updated': 'A role was changed.',
  'role.deleted': 'A role was deleted.',
  'key.rotated': 'The next signing key was made.',
  'key.replaced': 'A signing key took the place of all others at once.',
  'database.restored':
    'The operator put a backup in place of the database; what was done since it was made is gone.',
  'audit.pruned': 'Events whose time of keeping is over were deleted.',
} as const

export type AuditAction = keyof typeof auditActions

const optionalString = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description })

const AuditActionName = Type.Enum(Object.keys(auditActions) as [AuditAction, ...AuditAction[]], {
  description: 'What was done.',
})

export const AuditEvent = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The id of the event, a UUIDv7.' }),
    at: instant('When it was done.'),
    action: AuditActionName,
    actor_id: optionalString(
      'The account that did it; `null` for nobody signed in, and for the operator.',
    ),
    actor_session_id: optionalString('The session that it was done with.'),
    target_type: optionalString('What it was done to: `user`, `session`, `role` or `key`.'),
    target_id: optionalString('Its id.'),
    ip: optionalString('The address it came from.'),
    user_agent: optionalString('What the browser or program called itself.'),
    request_id: optionalString('The request, as in the logs of the server.'),
    details: Type.Record(Type.String(), Type.Unknown(), {
      description:
        'What else there is to tell: `before` and `after` of changed members, never a secret.',
    }),
  },
  { description: 'One thing that was done.' },
)
export interface AuditEvent extends Static<typeof AuditEvent> {}

const optionalUrl = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description })

export const AuditPage = Type.Object(
  {
    results: Type.Array(AuditEvent, { description: 'The events of this page, newest first.' }),
    next: optionalUrl('The URL of the next, older page, or `null` on the last one.'),
    previous: Type.String({
      description:
        'The URL of what is newer. On the newest page it answers what has come since, and nothing until then: ask it, and then that of its answer, to follow the trail; at once after a full page. Events of the last seconds may come twice: tell them apart by their id.',
    }),
  },
  { description: 'One page of the audit trail.' },
)
export interface AuditPage extends Static<typeof AuditPage> {}

const paging = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'How many to a page.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: 'Where the page starts: taken from `next` or `previous`, never made by hand.',
    }),
  ),
}

export const HistoryQuery = Type.Object(paging, { description: 'Which part of a history.' })
export interface HistoryQuery extends Static<typeof HistoryQuery> {}

const id = (description: string) =>
  Type.Optional(Type.String({ format: 'uuid', pattern: '^[0-9a-f-]{36}$', description }))

export const AuditQuery = Type.Object(
  {
    actor: id('Only what this account did.'),
    target: id('Only what was done to this account, session, role or key.'),
    action: Type.Optional(AuditActionName),
    after: Type.Optional(instant('Only events at this instant or later.')),
    before: Type.Optional(instant('Only events at this instant or earlier.')),
    ...paging,
  },
  { description: 'Which events to list.' },
)
export interface AuditQuery extends Static<typeof AuditQuery> {}

/** The event of the examples. */
export const exampleEvent: AuditEvent = {
  id: '0198f2c4-9e55-7f10-8a21-6d3c0b7e4f92',
  at: '2026-01-31T09:30:00.000Z',
  action: 'user.updated',
  actor_id: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
  actor_session_id: '0198f2c4-8a3b-7d1e-8c44-2b6f1e9a7d30',
  target_type: 'user',
  target_id: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
  ip: '192.0.2.17',
  user_agent: 'curl/8.5.0',
  request_id: '0198f2c4-9e54-7a01-b2c3-1f2e3d4c5b6a',
  details: { before: { first_name: 'Alice' }, after: { first_name: 'Alicia' } },
}

/** Where the examples go on. */
export const exampleNewer = 'http://127.0.0.1:8000/api/audit/?cursor=bmV3ZXI'

export const AuditChain = Type.Object(
  {
    sealed: Type.Integer({ description: 'How many events the chain holds.' }),
    position: Type.Integer({
      description:
        'The position of the newest sealed event, counted from the first there ever was.',
    }),
    hash: Type.String({
      description:
        'The hash of the newest sealed event. Kept elsewhere, with its position, it shows later whether the chain was set back.',
    }),
    newest_at: optionalInstant('When the newest sealed event was done; `null` without any.'),
    unsealed: Type.Integer({
      description: 'How many events wait to be sealed, which takes a second or two.',
    }),
    is_signed: Type.Boolean({
      description: 'Whether both ends of the chain are as this server has signed them.',
    }),
  },
  {
    description:
      'The state of the chain of hashes that seals the trail. `rollcall audit verify` walks it.',
  },
)
export interface AuditChain extends Static<typeof AuditChain> {}

/** The chain of the examples. */
export const exampleChain: AuditChain = {
  sealed: 1_204,
  position: 1_204,
  hash: '6b1f0c0e9d5a4b7f8c2e1a3d5f7b9c0d2e4f6a8b1c3d5e7f9a0b2c4d6e8f0a1b',
  newest_at: '2026-01-31T09:30:00.000Z',
  unsealed: 0,
  is_signed: true,
}

export const audit = {
  list: endpoint('GET /api/audit/', {
    tag: 'Audit',
    summary: 'Read the audit trail',
    description:
      'Lists what was done, newest first, narrowed by actor, target, action and time. The trail is append-only and sealed by a chain of hashes.',
    access: holders('audit.view'),
    query: AuditQuery,
    response: [200, AuditPage],
    example: {
      query: { action: 'user.updated', limit: '10' },
      response: { results: [exampleEvent], next: null, previous: exampleNewer },
    },
  }),
  chain: endpoint('GET /api/audit/chain/', {
    tag: 'Audit',
    summary: 'See the chain of the audit trail',
    description:
      'Answers where the chain of hashes ends, whether its ends are signed, and how many events wait to be sealed. It reads a few rows, however long the trail is, and so proves nothing of what lies between.',
    access: holders('audit.view'),
    response: [200, AuditChain],
    example: { response: exampleChain },
  }),
}
