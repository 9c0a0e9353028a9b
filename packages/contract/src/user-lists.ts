import Type, { type Static } from 'typebox'
import { alice, User } from './accounts.ts'
import type { Stream } from './endpoint.ts'
import { idOf, instant } from './text.ts'

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

/** Which accounts; all that are given must hold. */
const filters = {
  search: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'Words, separated by spaces, that must all occur in the username, names, e-mail address or phone number, whatever the case. A word of one or two characters must stand at the beginning of one of them. A whole id finds its account, and a whole phone number in any spelling the accounts that have it.',
    }),
  ),
  is_active: Type.Optional(
    Type.Boolean({ description: 'Only accounts that may, or may not, sign in.' }),
  ),
  is_staff: Type.Optional(Type.Boolean({ description: 'Only staff, or only others.' })),
  is_superuser: Type.Optional(Type.Boolean({ description: 'Only superusers, or only others.' })),
  role: Type.Optional(idOf('Only accounts that hold the role of this id.')),
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
  last_login_after: Type.Optional(
    instant('Only accounts that last signed in at this instant or later.'),
  ),
  last_login_before: Type.Optional(
    instant('Only accounts that last signed in at this instant or earlier.'),
  ),
}

export const UserFilter = Type.Object(filters, {
  // A member that is passed over would select more accounts than were meant.
  propertyNames: { enum: Object.keys(filters) },
  description: 'Which accounts, by the filters of the list; without any: all. No others are taken.',
})
export interface UserFilter extends Static<typeof UserFilter> {}

const ordering = Type.Optional(
  Type.Enum(userOrderings, {
    description:
      'The member to sort by; `-` before it reverses. Without it: newest accounts first. Accounts that never signed in come first by `last_login`, last by `-last_login`.',
  }),
)

export const UserListQuery = Type.Object(
  {
    ...filters,
    ordering,
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

export const exportFormats = ['csv', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const UserExportQuery = Type.Object(
  {
    ...filters,
    ordering,
    format: Type.Optional(
      Type.Enum(exportFormats, {
        default: 'csv',
        description: 'CSV, or one JSON object per line.',
      }),
    ),
  },
  { description: 'Which accounts to export, and how.' },
)
export interface UserExportQuery extends Static<typeof UserExportQuery> {}

/** The answer of an export. */
export const UserExport = {
  description: 'The accounts, one by one, as a file to be saved.',
  mediaTypes: {
    'text/csv': {
      description: 'A header row with the members of an account, then a row for each account.',
      example: [
        'id,username,email,first_name,last_name,phone_number,address,is_active,is_staff,is_superuser,roles,date_joined,last_login',
        `${alice.id},alice,alice@example.com,Alice,Liddell,'+442079460958,"1 Rabbit Hole\nOxford",true,false,false,,2026-01-31T09:30:00.000Z,`,
        '',
      ].join('\r\n'),
    },
    'application/x-ndjson': {
      description: 'An account as JSON on each line, as it is answered elsewhere.',
      example: `${JSON.stringify(alice)}\n`,
    },
  },
} as const satisfies Stream
