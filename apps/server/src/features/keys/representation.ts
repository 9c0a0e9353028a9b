import type { SigningKey, SigningKeyState } from '@rollcall/contract'
import type { SigningKeyRow } from '../../db/tables.ts'

/** Keys as they are answered, without their private halves; youngest first, as they are listed. */
export function toSigningKeys(rows: readonly SigningKeyRow[], now: string): SigningKey[] {
  const signing = rows.find((row) => row.signsFrom <= now && isInForce(row, now))
  return rows.map((row) => ({
    kid: row.id,
    created_at: row.createdAt,
    signs_from: row.signsFrom,
    verifies_until: row.verifiesUntil,
    state: stateOf(row, signing, now),
  }))
}

export function isInForce({ verifiesUntil }: SigningKeyRow, now: string): boolean {
  return verifiesUntil === null || verifiesUntil > now
}

function stateOf(
  row: SigningKeyRow,
  signing: SigningKeyRow | undefined,
  now: string,
): SigningKeyState {
  if (!isInForce(row, now)) return 'retired'
  if (row.signsFrom > now) return 'next'
  return row === signing ? 'signing' : 'retiring'
}
