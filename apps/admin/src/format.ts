/** Dates and numbers in the reader's own way; made once, since making them is slow. */
const locale = navigator.languages as string[]

const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const preciseInstants = new Intl.DateTimeFormat(locale, {
  dateStyle: 'medium',
  timeStyle: 'medium',
})
const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const shortDays = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const numbers = new Intl.NumberFormat(locale)
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
const lists = new Intl.ListFormat(locale, { type: 'conjunction' })

export function formatInstant(instant: string, isPrecise = false): string {
  return (isPrecise ? preciseInstants : instants).format(new Date(instant))
}

/** The day of an instant, by the reader's own clock. */
export function formatDayOf(instant: string): string {
  return days.format(new Date(instant))
}

/** A day such as `2026-01-31`, which is the same everywhere. */
export function formatDay(day: string, isShort = false): string {
  return (isShort ? shortDays : days).format(new Date(`${day}T00:00:00`))
}

export function formatNumber(number: number): string {
  return numbers.format(number)
}

export function formatList(items: readonly string[]): string {
  return lists.format(items)
}

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago, or how soon: `3 days ago`. */
export function formatAgo(instant: string, now = Date.now()): string {
  const seconds = (Date.parse(instant) - now) / 1_000
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return relative.format(Math.trunc(seconds / size), unit)
}

export function formatBytes(bytes: number): string {
  const [unit, size] = bytes < 1_000_000 ? ['kilobyte', 1_000] : ['megabyte', 1_000_000]
  const style = { style: 'unit', unit, maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(locale, style).format(bytes / Number(size))
}
