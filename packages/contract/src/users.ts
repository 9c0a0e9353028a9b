import Type, { type Static } from 'typebox'
import { AuditPage, exampleEvent, HistoryQuery } from './audit.ts'
import { endpoint } from './endpoint.ts'
import { exampleLink, OneTimeLink } from './password.ts'
import { anyone, holders, ownOr, signedIn } from './permissions.ts'
import { exampleSession, SessionList } from './sessions.ts'
import { instant, optionalInstant, optionalText, Password } from './text.ts'

/** Letters and digits of every script, and `@.+-_`; a regular expression with the `u` flag. */
export const usernamePattern = '^[\\p{L}\\p{N}@.+\\-_]+$'

const Username = Type.String({
  minLength: 1,
  maxLength: 150,
  pattern: usernamePattern,
  description:
    'The name to sign in with: 1 to 150 letters, digits and `@.+-_`, unique whatever the case. Kept in Unicode normal form NFKC.',
})

const Email = Type.String({
  format: 'email',
  maxLength: 254,
  description: 'The e-mail address, unique whatever the case. It may be used to sign in.',
})

const profile = {
  first_name: optionalText({ maxLength: 150, description: 'The given name.' }),
  last_name: optionalText({ maxLength: 150, description: 'The family name.' }),
  phone_number: optionalText({
    maxLength: 40,
    description:
      'The phone number. International ones (`+` first) are kept as E.164; national ones too where the server has a default region, and as sent where it has none.',
  }),
  address: optionalText({ maxLength: 1000, description: 'The postal address, with line breaks.' }),
}

const flags = {
  is_active: Type.Boolean({ description: 'Whether the account may sign in.' }),
  is_staff: Type.Boolean({ description: 'Whether the account may enter the admin panel.' }),
  is_superuser: Type.Boolean({ description: 'Whether the account holds every permission.' }),
}

export const RoleName = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The id of the role.' }),
    name: Type.String({ description: 'The name of the role.' }),
  },
  { description: 'A role that an account holds.' },
)
export interface RoleName extends Static<typeof RoleName> {}

export const User = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The id, a UUIDv7 made by the server.' }),
    username: Username,
    email: Email,
    ...profile,
    ...flags,
    roles: Type.Array(RoleName, { description: 'The roles that the account holds, by name.' }),
    date_joined: instant('When the account was made.'),
    last_login: optionalInstant('When the account last signed in; `null` before the first time.'),
  },
  { description: 'An account, as everybody who may see it sees it.' },
)
export interface User extends Static<typeof User> {}

export const UserPage = Type.Object(
  {
    results: Type.Array(User, { description: 'The accounts of this page.' }),
    next: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The URL of the next page, or `null` on the last one.',
    }),
    previous: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The URL of the previous page, or `null` on the first one.',
    }),
    count: Type.Optional(
      Type.Integer({ description: 'How many accounts match in all; only with `count=true`.' }),
    ),
  },
  { description: 'One page of accounts.' },
)
export interface UserPage extends Static<typeof UserPage> {}

export const Registration = Type.Object(
  {
    username: Username,
    email: Email,
    password: Password,
    ...optional(profile),
  },
  { description: 'What a person gives to open an account.' },
)
export interface Registration extends Static<typeof Registration> {}

export const NewUser = Type.Object(
  { ...Registration.properties, ...optional(flags) },
  { description: 'What staff give to make an account.' },
)
export interface NewUser extends Static<typeof NewUser> {}

const passwords = {
  password: Password,
  current_password: Type.String({
    maxLength: 128,
    description: 'The password in force; needed to change one’s own password.',
  }),
}

export const UserPatch = Type.Object(
  {
    ...optional({ username: Username, email: Email }),
    ...optional(profile),
    ...optional(flags),
    ...optional(passwords),
  },
  { description: 'The members of an account to change; absent ones stay as they are.' },
)
export interface UserPatch extends Static<typeof UserPatch> {}

export const UserReplacement = Type.Object(
  {
    username: Username,
    email: Email,
    ...optional(profile),
    ...optional(flags),
    ...optional(passwords),
  },
  { description: 'An account as it shall be. Absent optional members stay as they are.' },
)
export interface UserReplacement extends Static<typeof UserReplacement> {}

export const UserRoles = Type.Object(
  {
    roles: Type.Array(Type.String({ format: 'uuid', description: 'The id of a role.' }), {
      uniqueItems: true,
      maxItems: 20,
      description: 'The ids of all roles that the account shall hold, and of no others.',
    }),
  },
  { description: 'The roles of an account.' },
)
export interface UserRoles extends Static<typeof UserRoles> {}

export const userOrderings = [
  'date_joined',
  '-date_joined',
  'last_login',
  '-last_login',
  'username',
  '-username',
  'email',
  '-email',
] as const
export type UserOrdering = (typeof userOrderings)[number]

export const UserListQuery = Type.Object(
  {
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description:
          'Words, separated by spaces, that must all occur in the username, names, e-mail address or phone number, whatever the case. A word of one or two characters must stand at the beginning of one of them.',
      }),
    ),
    ordering: Type.Optional(
      Type.Enum(userOrderings, {
        description:
          'The member to sort by; `-` before it reverses. Without it: newest accounts first. Accounts that never signed in come first by `last_login`, last by `-last_login`.',
      }),
    ),
    is_active: Type.Optional(
      Type.Boolean({ description: 'Only accounts that may, or may not, sign in.' }),
    ),
    is_staff: Type.Optional(Type.Boolean({ description: 'Only staff, or only others.' })),
    is_superuser: Type.Optional(Type.Boolean({ description: 'Only superusers, or only others.' })),
    username: Type.Optional(
      Type.String({
        maxLength: 150,
        description: 'Only the account of this name, whatever the case.',
      }),
    ),
    email: Type.Optional(
      Type.String({
        maxLength: 254,
        description: 'Only the account of this address, whatever the case.',
      }),
    ),
    phone_number: Type.Optional(
      Type.String({ maxLength: 40, description: 'Only accounts with this phone number.' }),
    ),
    date_joined_after: Type.Optional(instant('Only accounts made at this instant or later.')),
    date_joined_before: Type.Optional(instant('Only accounts made at this instant or earlier.')),
    last_login_before: Type.Optional(
      instant('Only accounts that last signed in at this instant or earlier.'),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'How many to a page.' }),
    ),
    cursor: Type.Optional(
      Type.String({
        maxLength: 2000,
        description: 'Where the page starts: taken from `next` or `previous`, never made by hand.',
      }),
    ),
    count: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Also count all that match; slow on large sets.',
      }),
    ),
  },
  { description: 'Which accounts to list, and how.' },
)
export interface UserListQuery extends Static<typeof UserListQuery> {}

const UserId = Type.Object({
  id: Type.String({
    format: 'uuid',
    // In lower case alone: one account, one URL.
    pattern: '^[0-9a-f-]{36}$',
    description: 'The account’s id.',
  }),
})

const aliceBody = {
  username: 'alice',
  email: 'alice@example.com',
  password: 'correct-horse-battery',
  first_name: 'Alice',
  last_name: 'Liddell',
  phone_number: '+442079460958',
  address: '1 Rabbit Hole\nOxford',
}

/** The account of the examples. */
export const alice: User = {
  id: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
  username: 'alice',
  email: 'alice@example.com',
  first_name: 'Alice',
  last_name: 'Liddell',
  phone_number: '+442079460958',
  address: '1 Rabbit Hole\nOxford',
  is_active: true,
  is_staff: false,
  is_superuser: false,
  roles: [],
  date_joined: '2026-01-31T09:30:00.000Z',
  last_login: null,
}

export const register = endpoint('POST /api/register/', {
  tag: 'Accounts',
  summary: 'Open an account',
  description:
    'Opens an account for the person who asks, unless the server takes no registrations (`permission_denied`). A taken username or e-mail address is reported as `unique`, a weak password with the reason.',
  access: anyone,
  body: Registration,
  response: [201, User],
  idempotent: true,
  problems: ['permission_denied'],
  example: { body: aliceBody, response: alice },
})

const changes = {
  tag: 'Users',
  response: [200, User],
  conditional: true,
} as const

const changeProblems = [
  'precondition_failed',
  'last_superuser',
  'reauthentication_required',
] as const

const changeDescription =
  'The caller needs `users.activate` to change `is_active`, `users.update` to change `is_staff`, and must be a superuser to change `is_superuser`; `current_password` is needed to change the own password; nobody sets another’s. Nobody changes an account that holds more than they do.'

export const users = {
  list: endpoint('GET /api/users/', {
    tag: 'Users',
    summary: 'List and search accounts',
    description:
      'Lists accounts page by page, in any of the orderings, narrowed by filters and a search. A cursor of another ordering, and an unknown parameter, are refused.',
    access: holders('users.view'),
    query: UserListQuery,
    response: [200, UserPage],
    example: {
      query: { search: 'alice', ordering: '-date_joined', limit: '10' },
      response: { results: [alice], next: null, previous: null },
    },
  }),
  create: endpoint('POST /api/users/', {
    tag: 'Users',
    summary: 'Make an account for somebody',
    description:
      'Makes an account; unlike a registration it may set `is_active`, `is_staff` and `is_superuser`, and take a reserved username.',
    access: holders('users.create'),
    body: NewUser,
    response: [201, User],
    idempotent: true,
    problems: ['reauthentication_required'],
    example: {
      body: { ...aliceBody, username: 'bob', email: 'bob@example.com', is_staff: true },
      response: { ...alice, username: 'bob', email: 'bob@example.com', is_staff: true },
    },
  }),
  me: endpoint('GET /api/users/me/', {
    tag: 'Users',
    summary: 'See the own account',
    description: 'Answers the account that the access token belongs to.',
    access: signedIn,
    response: [200, User],
    conditional: true,
    example: { response: alice },
  }),
  replaceMe: endpoint('PUT /api/users/me/', {
    ...changes,
    summary: 'Replace the own account',
    description: `Replaces the members of the own account; the required ones must all be there. ${changeDescription}`,
    access: signedIn,
    body: UserReplacement,
    problems: [...changeProblems, 'permission_denied'],
    example: { body: { ...alice }, response: alice },
  }),
  updateMe: endpoint('PATCH /api/users/me/', {
    ...changes,
    summary: 'Change the own account',
    description: `Changes some members of the own account; absent ones stay as they are. ${changeDescription}`,
    access: signedIn,
    body: UserPatch,
    problems: [...changeProblems, 'permission_denied'],
    example: { body: { first_name: 'Alicia' }, response: { ...alice, first_name: 'Alicia' } },
  }),
  deleteMe: endpoint('DELETE /api/users/me/', {
    tag: 'Users',
    summary: 'Delete the own account',
    description: 'Deletes the own account for good. All its tokens are refused from then on.',
    access: signedIn,
    response: [204, null],
    conditional: true,
    problems: changeProblems,
    example: {},
  }),
  get: endpoint('GET /api/users/:id/', {
    tag: 'Users',
    summary: 'See an account',
    description: 'Answers one account: the own one, or any with `users.view`.',
    access: ownOr('users.view'),
    params: UserId,
    response: [200, User],
    conditional: true,
    example: { params: { id: alice.id }, response: alice },
  }),
  replace: endpoint('PUT /api/users/:id/', {
    ...changes,
    summary: 'Replace an account',
    description: `Replaces the members of an account; the required ones must all be there. ${changeDescription}`,
    access: ownOr('users.update'),
    params: UserId,
    body: UserReplacement,
    problems: changeProblems,
    example: { params: { id: alice.id }, body: { ...alice }, response: alice },
  }),
  update: endpoint('PATCH /api/users/:id/', {
    ...changes,
    summary: 'Change an account',
    description: `Changes some members of an account; absent ones stay as they are. ${changeDescription}`,
    access: ownOr('users.update'),
    params: UserId,
    body: UserPatch,
    problems: changeProblems,
    example: {
      params: { id: alice.id },
      body: { address: '2 Looking-Glass House\nOxford' },
      response: { ...alice, address: '2 Looking-Glass House\nOxford' },
    },
  }),
  setRoles: endpoint('PUT /api/users/:id/roles/', {
    ...changes,
    summary: 'Give roles to an account',
    description:
      'Replaces the roles of an account; the rights are in force from its next request on. Nobody gives or takes a role with a permission that they do not hold.',
    access: holders('roles.manage'),
    params: UserId,
    body: UserRoles,
    problems: changeProblems,
    example: { params: { id: alice.id }, body: { roles: [] }, response: alice },
  }),
  sessions: endpoint('GET /api/users/:id/sessions/', {
    tag: 'Sessions',
    summary: 'List the sessions of an account',
    description: 'Answers where an account is signed in: the own one, or any with `sessions.view`.',
    access: ownOr('sessions.view'),
    params: UserId,
    response: [200, SessionList],
    example: { params: { id: alice.id }, response: { results: [exampleSession] } },
  }),
  endSessions: endpoint('DELETE /api/users/:id/sessions/', {
    tag: 'Sessions',
    summary: 'Sign an account out everywhere',
    description: 'Ends every session of an account: the own one, or any with `sessions.revoke`.',
    access: ownOr('sessions.revoke'),
    params: UserId,
    response: [204, null],
    problems: ['reauthentication_required'],
    example: { params: { id: alice.id } },
  }),
  audit: endpoint('GET /api/users/:id/audit/', {
    tag: 'Audit',
    summary: 'Read the history of an account',
    description: 'Lists what was done to an account and by it, newest first.',
    access: holders('audit.view'),
    params: UserId,
    query: HistoryQuery,
    response: [200, AuditPage],
    example: {
      params: { id: alice.id },
      response: { results: [exampleEvent], next: null, previous: null },
    },
  }),
  myAudit: endpoint('GET /api/users/me/audit/', {
    tag: 'Audit',
    summary: 'Read the own history',
    description: 'Lists what was done to the own account and by it, newest first.',
    access: signedIn,
    query: HistoryQuery,
    response: [200, AuditPage],
    example: { response: { results: [exampleEvent], next: null, previous: null } },
  }),
  passwordLink: endpoint('POST /api/users/:id/password-link/', {
    tag: 'Users',
    summary: 'Make a link to set a password',
    description:
      'Answers a link by which the holder of an account sets a new password, once, within 24 hours. A newer link ends an older one. Staff never see or choose a password.',
    access: holders('users.update'),
    params: UserId,
    response: [201, OneTimeLink],
    problems: ['reauthentication_required'],
    example: { params: { id: alice.id }, response: exampleLink },
  }),
  delete: endpoint('DELETE /api/users/:id/', {
    tag: 'Users',
    summary: 'Delete an account',
    description: 'Deletes an account for good. All its tokens are refused from then on.',
    access: ownOr('users.delete'),
    params: UserId,
    response: [204, null],
    conditional: true,
    problems: changeProblems,
    example: { params: { id: alice.id } },
  }),
}

function optional<T extends Record<string, Parameters<typeof Type.Optional>[0]>>(properties: T) {
  return Type.Partial(Type.Object(properties)).properties
}
