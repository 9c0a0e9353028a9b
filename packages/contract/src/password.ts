import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { anyone, signedIn } from './permissions.ts'
import { instant, Password } from './text.ts'

export const PasswordChange = Type.Object(
  {
    current_password: Type.String({ maxLength: 128, description: 'The password in force.' }),
    new_password: Password,
  },
  { description: 'The password in force and the one to come.' },
)
export interface PasswordChange extends Static<typeof PasswordChange> {}

export const PasswordSetting = Type.Object(
  {
    token: Type.String({ maxLength: 512, description: 'The one-time token of the link.' }),
    new_password: Password,
  },
  { description: 'The token of a link, and the password that its receiver chooses.' },
)
export interface PasswordSetting extends Static<typeof PasswordSetting> {}

export const OneTimeLink = Type.Object(
  {
    url: Type.String({
      format: 'uri',
      description: 'The link for its receiver, shown only now. The token stands behind the `#`.',
    }),
    expires_at: instant('When the link stops working.'),
  },
  { description: 'A link that works once.' },
)
export interface OneTimeLink extends Static<typeof OneTimeLink> {}

/** The link of the examples. */
export const exampleLink: OneTimeLink = {
  url: 'http://127.0.0.1:8000/set-password/#rco_5rPbzJ2yXh0kR7s1tWq9uV3cD6fG8hJ4',
  expires_at: '2026-02-01T09:30:00.000Z',
}

export const password = {
  set: endpoint('POST /api/password/set/', {
    tag: 'Accounts',
    summary: 'Set a password by a link',
    description:
      'Sets the password of the account that a one-time link was made for, and ends its sessions. It does not sign in. A link that was used, replaced or has expired is reported as an invalid `token`.',
    access: anyone,
    body: PasswordSetting,
    response: [204, null],
    example: {
      body: { token: 'rco_5rPbzJ2yXh0kR7s1tWq9uV3cD6fG8hJ4', new_password: 'staple-paper-clip-42' },
    },
  }),
  change: endpoint('POST /api/password/change/', {
    tag: 'Accounts',
    summary: 'Change the own password',
    description:
      'Sets a new password and ends every other session of the account. A wrong current password is reported as `password_incorrect`.',
    access: signedIn,
    body: PasswordChange,
    response: [204, null],
    problems: ['reauthentication_required'],
    example: {
      body: {
        current_password: 'correct-horse-battery',
        new_password: 'staple-paper-clip-42',
      },
    },
  }),
}
