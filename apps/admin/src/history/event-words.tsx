import type { AuditEvent } from '@rollcall/sdk'
import { Link } from '@tanstack/react-router'
import { auditActions } from '../generated/audit-actions.gen.ts'
import { useMay } from '../session/me.ts'
import { auditText } from '../text/audit.ts'
import { commonText } from '../text/common.ts'
import { UserName } from '../ui/user-name.tsx'

/** What happened, in words; an action of a newer server by its name. */
export function wordsOf({ action }: AuditEvent): string {
  return (auditActions as Readonly<Record<string, string>>)[action] ?? action
}

/** Who did it. */
export function Actor({ event: { actor_id: id } }: { event: AuditEvent }) {
  return id === null ? <span className="muted">{commonText.operator}</span> : <UserName id={id} />
}

/** What it was done to: a link where there is a page for it. */
export function Target({ event }: { event: AuditEvent }) {
  const { target_type: type, target_id: id } = event
  const { may } = useMay()
  if (type === null || id === null) return null
  if (type === 'user') return <UserName id={id} />
  const kind = auditText.kinds[type as keyof typeof auditText.kinds] ?? type
  const words = (
    <span title={id}>
      {kind} <code>{id.slice(-6)}</code>
    </span>
  )
  if (type !== 'role' || !may('roles.view')) return words
  return (
    <Link to="/roles/$id" params={{ id }}>
      {words}
    </Link>
  )
}
