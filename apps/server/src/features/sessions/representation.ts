import type { Session } from '@rollcall/contract'
import Bowser from 'bowser'
import type { SessionRow } from '../../db/tables.ts'
import type { Principal } from './principal.ts'

/** The session as it is answered; `current` tells whether the caller uses it. */
export function toSession(row: SessionRow, caller: Principal): Session {
  return {
    id: row.id,
    created_at: row.createdAt,
    last_used_at: row.lastUsedAt,
    expires_at: row.expiresAt,
    ip: row.ip,
    user_agent: row.userAgent,
    device: row.userAgent && deviceOf(row.userAgent),
    current: row.id === caller.session.id,
  }
}

/** `Firefox on Windows`; the program's own name where it is no browser. */
function deviceOf(userAgent: string): string {
  const { browser, os } = Bowser.parse(userAgent)
  const program = browser.name || userAgent.split(/[/ ]/, 1)[0] || userAgent
  return os.name ? `${program} on ${os.name}` : program
}
