import Type, { type Static } from 'typebox'
import { alice, Reason } from './accounts.ts'
import { endpoint } from './endpoint.ts'
import { holders } from './permissions.ts'
import { type ProblemCode, problems } from './problems.ts'
import { supportRole } from './roles.ts'
import { idOf } from './text.ts'
import { UserFilter } from './user-lists.ts'

/** So many accounts at most are dealt with by one request. */
export const mostBulkAccounts = 1_000

const selection = {
  ids: Type.Optional(
    Type.Array(idOf('The id of an account.'), {
      minItems: 1,
      maxItems: mostBulkAccounts,
      uniqueItems: true,
      description: 'Which accounts, by their ids: 1 to 1,000. Either this or `filter`.',
    }),
  ),
  filter: Type.Optional(UserFilter),
  cursor: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: 'Where the filter goes on: `next` of the answer before. Only with `filter`.',
    }),
  ),
}

export const BulkSelection = Type.Object(selection, {
  description: 'Which accounts: `ids` or `filter`, and not both.',
})
export interface BulkSelection extends Static<typeof BulkSelection> {}

export const BulkActivation = Type.Object(
  { ...selection, reason: Type.Optional(Reason) },
  { description: 'Which accounts to activate or deactivate, and why.' },
)
export interface BulkActivation extends Static<typeof BulkActivation> {}

export const BulkRole = Type.Object(
  { ...selection, role: idOf('The id of the role.') },
  { description: 'Which accounts to give a role to or take it from.' },
)
export interface BulkRole extends Static<typeof BulkRole> {}

const codes = Object.keys(problems) as ProblemCode[]

export const BulkOutcome = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The id of the account.' }),
    username: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'Its username; `null` where there is no such account.',
    }),
    ok: Type.Boolean({ description: 'Whether it is now as was asked; also if it was before.' }),
    code: Type.Unsafe<ProblemCode | null>({
      type: ['string', 'null'],
      enum: [...codes, null],
      description: 'Why not, for programs; `null` if it is.',
    }),
    detail: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'Why not, for people; `null` if it is.',
    }),
  },
  { description: 'What became of one account.' },
)
export interface BulkOutcome extends Static<typeof BulkOutcome> {}

export const BulkResult = Type.Object(
  {
    results: Type.Array(BulkOutcome, {
      description: 'One entry per account, in the order of `ids`, or of their ids with `filter`.',
    }),
    next: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description:
        'The `cursor` for the next request with the same `filter`; `null` when no account is left.',
    }),
  },
  { description: 'What became of each account.' },
)
export interface BulkResult extends Static<typeof BulkResult> {}

const shared = {
  tag: 'Bulk',
  response: [200, BulkResult],
  problems: ['reauthentication_required'],
  idempotent: true,
} as const

const done: BulkResult = {
  results: [{ id: alice.id, username: 'alice', ok: true, code: null, detail: null }],
  next: null,
}

const eachByItself =
  'Each account is dealt with by itself, by the rules of the single operation: one that is refused says why in `results`, and leaves the others as they are.'

export const bulk = {
  activate: endpoint('POST /api/users/bulk/activate/', {
    ...shared,
    summary: 'Activate many accounts',
    description: `Lets up to 1,000 accounts sign in again. ${eachByItself}`,
    access: holders('users.activate'),
    body: BulkActivation,
    example: { body: { ids: [alice.id], reason: 'The term has begun.' }, response: done },
  }),
  deactivate: endpoint('POST /api/users/bulk/deactivate/', {
    ...shared,
    summary: 'Deactivate many accounts',
    description: `Ends the sessions of up to 1,000 accounts and lets them sign in no more. The own account is left out. ${eachByItself}`,
    access: holders('users.activate'),
    body: BulkActivation,
    example: { body: { ids: [alice.id], reason: 'The term is over.' }, response: done },
  }),
  delete: endpoint('POST /api/users/bulk/delete/', {
    ...shared,
    summary: 'Delete many accounts',
    description: `Deletes up to 1,000 accounts for good. The own account is left out. ${eachByItself}`,
    access: holders('users.delete'),
    body: BulkSelection,
    example: { body: { ids: [alice.id] }, response: done },
  }),
  endSessions: endpoint('POST /api/users/bulk/end-sessions/', {
    ...shared,
    summary: 'Sign many accounts out',
    description: `Ends every session of up to 1,000 accounts. The own account is left out. ${eachByItself}`,
    access: holders('sessions.revoke'),
    body: BulkSelection,
    example: { body: { ids: [alice.id] }, response: done },
  }),
  addRole: endpoint('POST /api/users/bulk/add-role/', {
    ...shared,
    summary: 'Give a role to many accounts',
    description: `Gives up to 1,000 accounts a role besides those that they hold. Nobody gives a role with a permission that they do not hold. ${eachByItself}`,
    access: holders('roles.manage'),
    body: BulkRole,
    example: { body: { ids: [alice.id], role: supportRole.id }, response: done },
  }),
  removeRole: endpoint('POST /api/users/bulk/remove-role/', {
    ...shared,
    summary: 'Take a role from many accounts',
    description: `Takes a role from up to 1,000 accounts. Nobody takes a role with a permission that they do not hold. ${eachByItself}`,
    access: holders('roles.manage'),
    body: BulkRole,
    example: { body: { ids: [alice.id], role: supportRole.id }, response: done },
  }),
}
