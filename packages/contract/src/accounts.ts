import Type, { type Static } from 'typebox'
import { PermissionName } from './roles.ts'
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

export const OwnUser = Type.Object(
  {
    ...User.properties,
    permissions: Type.Array(PermissionName, {
      description: 'What the account may do now, by its roles; everything for a superuser.',
    }),
  },
  { description: 'The own account, with what it may do.' },
)
export interface OwnUser extends Static<typeof OwnUser> {}

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
  {
    ...Registration.properties,
    password: Type.Optional(
      Type.String({
        maxLength: 128,
        description:
          'To be left out: its holder sets one by a link. Refused unless the setting ROLLCALL_STAFF_PASSWORDS allows it, for clients from before there were such links.',
      }),
    ),
    ...optional(flags),
  },
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

/** Said with a change of `is_active`. */
export const Reason = Type.String({
  maxLength: 500,
  description:
    'Why `is_active` is changed: kept in the audit trail, where the account reads it too, and nowhere else.',
})

export const UserPatch = Type.Object(
  {
    ...optional({ username: Username, email: Email }),
    ...optional(profile),
    ...optional(flags),
    ...optional(passwords),
    reason: Type.Optional(Reason),
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

/** So many roles an account may hold. */
export const mostRoles = 20

export const UserRoles = Type.Object(
  {
    roles: Type.Array(Type.String({ format: 'uuid', description: 'The id of a role.' }), {
      uniqueItems: true,
      maxItems: mostRoles,
      description: 'The ids of all roles that the account shall hold, and of no others.',
    }),
  },
  { description: 'The roles of an account.' },
)
export interface UserRoles extends Static<typeof UserRoles> {}

/** What the account of the examples is opened with. */
export const aliceBody = {
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

function optional<T extends Record<string, Parameters<typeof Type.Optional>[0]>>(properties: T) {
  return Type.Partial(Type.Object(properties)).properties
}
