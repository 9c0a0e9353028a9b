const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** As the server makes them: another spelling names nothing, on either database. */
export function isId(text: string): boolean {
  return idForm.test(text)
}

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i
const earliest = Date.parse('0001-01-01T00:00:00Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')

/** RFC 3339, and within what JavaScript and both databases can hold: no leap second, no year 0. */
export function isInstant(text: string): boolean {
  const time = Date.parse(text)
  return instantForm.test(text) && time >= earliest && time <= latest && isDay(text.slice(0, 10))
}

/** 30 February would be read as 2 March. */
function isDay(day: string): boolean {
  return new Date(day).toISOString().startsWith(day)
}
