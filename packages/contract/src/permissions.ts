/** Every permission there is, with what it allows. A superuser holds them all. */
export const permissions = {
  'users.view': 'See every account and search among them.',
  'users.create': 'Create accounts.',
  'users.update': 'Change the profile of every account, and whether it is staff.',
  'users.activate': 'Activate and deactivate every account.',
  'users.delete': 'Delete every account.',
  'users.export': 'Export accounts.',
  'sessions.view': 'See where every account is signed in.',
  'sessions.revoke': 'Sign every account out.',
  'roles.view': 'See the roles and what they allow.',
  'roles.manage': 'Make, change and delete roles, and give them to accounts.',
  'audit.view': 'Read the audit trail.',
  'system.view': 'See the state of the system: version, database, findings.',
  'keys.view': 'See the keys that sign access tokens, without their private halves.',
  'keys.rotate': 'Make the next key that signs access tokens.',
} as const

export type Permission = keyof typeof permissions

/** Who may call an endpoint. One that does not say so is refused by the server at start. */
export type Access =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'signedIn' }
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'ownOrPermission'; readonly permission: Permission }

/** Everybody, signed in or not. */
export const anyone = { kind: 'anyone' } as const

/** Everybody who sends a valid access token. */
export const signedIn = { kind: 'signedIn' } as const

/** Whoever holds the permission. */
export function holders(permission: Permission) {
  return { kind: 'permission', permission } as const
}

/** The account itself (its id stands in the path), and whoever holds the permission. */
export function ownOr(permission: Permission) {
  return { kind: 'ownOrPermission', permission } as const
}
