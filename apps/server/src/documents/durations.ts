const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** A time in the largest unit that it is a whole number of: `14 days`, `90 seconds`. */
export function durationInWords(seconds: number): string {
  const [unit, length] =
    units.find(([, length]) => seconds % length === 0 && seconds > 0) ?? units[3]
  const count = seconds / length
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`
}
