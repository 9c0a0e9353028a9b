// Made from the API contract by `pnpm --filter @rollcall/admin generate`; never edited by hand.

import type { AuditAction } from '@rollcall/sdk'

/** What each action of the audit trail means. */
export const auditActions: Readonly<Record<AuditAction, string>> = {
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
}
