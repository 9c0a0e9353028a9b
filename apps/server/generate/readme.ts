/** The text with another content between two lines that mark it. */
export function replaceBetween(text: string, start: string, content: string, end: string): string {
  const [before, rest] = text.split(start)
  const [, after] = rest?.split(end) ?? []
  if (before === undefined || after === undefined)
    throw new Error(`The README has lost the line ${start}`)
  return `${before}${start}\n${content}\n${end}${after}`
}
