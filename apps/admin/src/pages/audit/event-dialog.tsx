import type { AuditEvent } from '@rollcall/sdk'
import { Difference } from '../../history/difference.tsx'
import { Actor, Target, wordsOf } from '../../history/event-words.tsx'
import { auditText } from '../../text/audit.ts'
import { commonText } from '../../text/common.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Instant } from '../../ui/instant.tsx'

const text = auditText.event

/** All that the trail tells of one event. */
export function EventDialog({ event, onClose }: { event: AuditEvent; onClose: () => void }) {
  return (
    <Dialog title={wordsOf(event)} isLarge onClose={onClose}>
      <dl className="facts">
        <dt>{text.at}</dt>
        <dd>
          <Instant at={event.at} isPrecise />
        </dd>
        <dt>{text.by}</dt>
        <dd>
          <Actor event={event} />
        </dd>
        {event.target_id && (
          <>
            <dt>{text.on}</dt>
            <dd>
              <Target event={event} />
            </dd>
          </>
        )}
        <Fact name={text.from} value={event.ip} />
        <Fact name={text.agent} value={event.user_agent} />
        <Fact name={text.session} value={event.actor_session_id} isCode />
        <Fact name={text.request} value={event.request_id} isCode />
        <Fact name={text.id} value={event.id} isCode />
      </dl>
      <h3>{text.changes}</h3>
      <Difference details={event.details} />
      <footer>
        <Button look="primary" onClick={onClose}>
          {commonText.close}
        </Button>
      </footer>
    </Dialog>
  )
}

function Fact({ name, value, isCode }: { name: string; value: string | null; isCode?: boolean }) {
  if (value === null) return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{isCode ? <code>{value}</code> : <bdi>{value}</bdi>}</dd>
    </>
  )
}
