import { formatAgo, formatDayOf, formatInstant } from '../format.ts'
import { commonText } from '../text/common.ts'

/** An instant in the reader's own way, with the exact one in UTC on hover. */
export function Instant(props: {
  at: string | null
  isAgo?: boolean
  isPrecise?: boolean
  /** Only the day: the rest is in the way of a long list. */
  isDay?: boolean
  /** What is shown for an instant that has not come. */
  absent?: string
}) {
  const { at, isAgo, isPrecise, isDay, absent = commonText.never } = props
  if (at === null) return <span className="muted">{absent}</span>
  return (
    <time dateTime={at} title={at.replace('T', ' ').replace('Z', ' UTC')}>
      {isAgo ? formatAgo(at) : isDay ? formatDayOf(at) : formatInstant(at, isPrecise)}
    </time>
  )
}
