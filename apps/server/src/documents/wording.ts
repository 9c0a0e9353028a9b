import type { Access, Tag } from '@rollcall/contract'

/** What the operations of each tag are for, in one sentence of Markdown. */
export const tagDescriptions: Record<Tag, string> = {
  Accounts: 'Open an account and keep its password.',
  Tokens: 'Sign in, renew and check tokens, and sign out.',
  Users: 'See and change accounts: the own one, and everybody’s for those who may.',
  Bulk: 'Do one thing to many accounts at a time.',
  Sessions: 'See where an account is signed in, and sign it out there.',
  Roles: 'Name sets of permissions and give them to accounts.',
  Audit: 'Read who did what to whom.',
  System: 'See how the system is and what happens here, in numbers.',
  Keys: 'See and rotate the keys that sign access tokens.',
  Server: 'What the server offers, its public keys and its health.',
}

/** Who may call an operation, in Markdown. */
export function accessInWords(access: Access): string {
  switch (access.kind) {
    case 'anyone':
      return 'Anyone'
    case 'signedIn':
      return 'Anyone signed in'
    case 'permission':
      return `Holders of \`${access.permission}\``
    case 'ownOrPermission':
      return `The account itself, and holders of \`${access.permission}\``
  }
}
