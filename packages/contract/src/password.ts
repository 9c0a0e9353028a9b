import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { signedIn } from './permissions.ts'
import { Password } from './users.ts'

export const PasswordChange = Type.Object(
  {
    current_password: Type.String({ maxLength: 128, description: 'The password in force.' }),
    new_password: Password,
  },
  { description: 'The password in force and the one to come.' },
)
export interface PasswordChange extends Static<typeof PasswordChange> {}

export const password = {
  change: endpoint('POST /api/password/change/', {
    tag: 'Accounts',
    summary: 'Change the own password',
    description:
      'Sets a new password and ends every other session of the account. A wrong current password is reported as `password_incorrect`.',
    access: signedIn,
    body: PasswordChange,
    response: [204, null],
    example: {
      body: {
        current_password: 'correct-horse-battery',
        new_password: 'staple-paper-clip-42',
      },
    },
  }),
}
