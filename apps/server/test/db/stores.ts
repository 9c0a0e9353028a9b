import type { Test } from 'tap'
import { newId } from '../../src/crypto.ts'
import { openStore, type Store, type StoreOptions } from '../../src/db/store.ts'
import type { SessionRow, SigningKeyRow } from '../../src/db/tables.ts'
import type { NewUserRow } from '../../src/features/users/repository.ts'
import { neverSignedIn } from '../../src/features/users/representation.ts'
import { createDatabase, type DatabaseName } from '../support/databases.ts'

export const instant = '2026-01-31T09:30:00.000Z'

/** A store on a migrated database of the test's own. */
export async function createStore(t: Test, database: DatabaseName): Promise<Store> {
  const store = await openOn(t, await createDatabase(t, database))
  await store.migrate(() => instant)
  return store
}

/** A store that is closed with the test. */
export async function openOn(t: Test, url: string, options?: StoreOptions): Promise<Store> {
  const store = await openStore(url, options)
  t.teardown(() => store.close())
  return store
}

/** An account that differs from every other. */
export function newUser(name: string, members: Partial<NewUserRow> = {}): NewUserRow {
  return {
    id: newId(),
    username: name,
    usernameKey: name,
    email: `${name}@example.com`,
    emailKey: `${name}@example.com`,
    passwordHash: 'hash',
    firstName: null,
    lastName: null,
    phoneNumber: null,
    address: null,
    isActive: true,
    isStaff: false,
    isSuperuser: false,
    hasRoles: false,
    dateJoined: instant,
    lastLogin: neverSignedIn,
    version: 1,
    searchText: `${name}\n${name}@example.com`,
    ...members,
  }
}

export function newSession(userId: string, members: Partial<SessionRow> = {}): SessionRow {
  return {
    id: newId(),
    userId,
    generation: 0,
    ip: '127.0.0.1',
    userAgent: null,
    createdAt: instant,
    lastUsedAt: instant,
    expiresAt: '2026-03-02T09:30:00.000Z',
    reauthenticatedAt: null,
    ...members,
  }
}

export function newSigningKey(members: Partial<SigningKeyRow> = {}): SigningKeyRow {
  return {
    id: newId(),
    publicKey: 'public',
    sealedPrivateKey: 'sealed',
    createdAt: instant,
    signsFrom: instant,
    verifiesUntil: null,
    ...members,
  }
}

/** The error that a promise is rejected with. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}
