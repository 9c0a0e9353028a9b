import type { SigningKey, SigningKeyState } from '@rollcall/contract'
import type { SigningKeyRow } from '../../db/tables.ts'

/** Keys as they are answered, without their private halves; youngest first, as they are listed. */
export function toSigningKeys(rows: readonly SigningKeyRow[], now: string): SigningKey[] {
  const signing = rows.find((row) => row.signsFrom <= now && isInForce(row, now))
  return rows.map((row) => toSigningKey(row, row === signing, now))
}

/** One key; `isYoungest` says whether no younger one signs. */
export function toSigningKey(row: SigningKeyRow, isYoungest: boolean, now: string): SigningKey {
  return {
    kid: row.id,
    created_at: row.createdAt,
    signs_from: row.signsFrom,
    verifies_until: row.verifiesUntil,
    state: stateOf(row, isYoungest, now),
  }
}

export function isInForce({ verifiesUntil }: SigningKeyRow, now: string): boolean {
  return verifiesUntil === null || verifiesUntil > now
}

function stateOf(row: SigningKeyRow, isYoungest: boolean, now: string): SigningKeyState {
  if (!isInForce(row, now)) return 'retired'
  if (row.signsFrom > now) return 'next'
  return isYoungest ? 'signing' : 'retiring'
}
