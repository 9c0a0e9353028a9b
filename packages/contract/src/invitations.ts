import Type, { type Static } from 'typebox'
import { alice, Registration, User } from './accounts.ts'
import { endpoint } from './endpoint.ts'
import { exampleLink, OneTimeLink } from './password.ts'
import { holders } from './permissions.ts'

const { username, email, first_name, last_name, phone_number, address } = Registration.properties

export const Invitation = Type.Object(
  { username, email, first_name, last_name, phone_number, address },
  { description: 'Whom to invite.' },
)
export interface Invitation extends Static<typeof Invitation> {}

export const Invited = Type.Object(
  { user: User, link: OneTimeLink },
  { description: 'The account, which nobody can sign in to yet, and the link for its holder.' },
)
export interface Invited extends Static<typeof Invited> {}

export const invitations = {
  create: endpoint('POST /api/invitations/', {
    tag: 'Users',
    summary: 'Invite somebody',
    description:
      'Makes an account without a password, and a link by which its holder sets one, once, within 24 hours. Works in every mode of registration.',
    access: holders('users.create'),
    body: Invitation,
    response: [201, Invited],
    idempotent: true,
    problems: ['reauthentication_required'],
    example: {
      body: { username: 'bob', email: 'bob@example.com', first_name: 'Bob' },
      response: {
        user: { ...alice, username: 'bob', email: 'bob@example.com', first_name: 'Bob' },
        link: exampleLink,
      },
    },
  }),
}
