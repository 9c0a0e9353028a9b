/** Where the time comes from, so that a test can set it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** What is from further in the future shows that a clock was wrong; so much is forgiven. */
export const leewaySeconds = 60

/** The instant as it is stored and answered: RFC 3339, UTC, milliseconds. */
export function toInstant(date: Date): string {
  return date.toISOString()
}

export function addSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1_000)
}

/** The same instant in the one spelling that is stored, since SQLite compares it as text. */
export function normalizeInstant(text: string): string {
  return new Date(text).toISOString()
}
