import Type from 'typebox'
import {
  alice,
  aliceBody,
  NewUser,
  OwnUser,
  Registration,
  User,
  UserPatch,
  UserReplacement,
  UserRoles,
} from './accounts.ts'
import { AuditPage, exampleEvent, exampleNewer, HistoryQuery } from './audit.ts'
import { endpoint } from './endpoint.ts'
import { exampleLink, OneTimeLink } from './password.ts'
import { anyone, holders, ownOr, signedIn } from './permissions.ts'
import { exampleSession, SessionList } from './sessions.ts'
import { idOf } from './text.ts'
import { UserExport, UserExportQuery, UserListQuery, UserPage } from './user-lists.ts'

const UserId = Type.Object({ id: idOf('The account’s id.') })

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
  export: endpoint('GET /api/users/export/', {
    tag: 'Users',
    summary: 'Export accounts',
    description:
      'Answers every account that the filters and the search select, one by one for as long as the caller reads, as a file to be saved: CSV (RFC 4180) with a header row, or one JSON object per line. In CSV, text that a spreadsheet would take for a formula begins with an apostrophe. The audit trail notes the filters and how many accounts were answered.',
    access: holders('users.export'),
    query: UserExportQuery,
    response: [200, UserExport],
    problems: ['reauthentication_required'],
    example: { query: { search: 'alice', format: 'csv' } },
  }),
  create: endpoint('POST /api/users/', {
    tag: 'Users',
    summary: 'Make an account for somebody',
    description:
      'Makes an account that nobody can sign in to before its holder has set a password by the link of `users.passwordLink`. Unlike a registration it may set `is_active`, `is_staff` and `is_superuser`, and take a reserved username.',
    access: holders('users.create'),
    body: NewUser,
    response: [201, User],
    idempotent: true,
    problems: ['reauthentication_required'],
    example: {
      body: { username: 'bob', email: 'bob@example.com', first_name: 'Bob', is_staff: true },
      response: {
        ...alice,
        username: 'bob',
        email: 'bob@example.com',
        first_name: 'Bob',
        is_staff: true,
      },
    },
  }),
  me: endpoint('GET /api/users/me/', {
    tag: 'Users',
    summary: 'See the own account',
    description: 'Answers the account that the access token belongs to, and what it may do.',
    access: signedIn,
    response: [200, OwnUser],
    conditional: true,
    example: { response: { ...alice, permissions: [] } },
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
      response: { results: [exampleEvent], next: null, previous: exampleNewer },
    },
  }),
  myAudit: endpoint('GET /api/users/me/audit/', {
    tag: 'Audit',
    summary: 'Read the own history',
    description: 'Lists what was done to the own account and by it, newest first.',
    access: signedIn,
    query: HistoryQuery,
    response: [200, AuditPage],
    example: { response: { results: [exampleEvent], next: null, previous: exampleNewer } },
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
