/** The value below which so much of the sorted values lies. */
export function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN
}

/** How often a value of the first is larger than one of the second, ties counting half. */
export function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  let wins = 0
  for (const left of first) {
    for (const right of second) wins += left > right ? 1 : left === right ? 0.5 : 0
  }
  return wins / (first.length * second.length)
}

export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((left, right) => left - right),
    0.5,
  )
}
