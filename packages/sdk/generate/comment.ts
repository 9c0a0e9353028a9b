const width = 96

/** A doc comment of these paragraphs, wrapped; those that are `undefined` are left out. */
export function comment(...paragraphs: (string | undefined)[]): string {
  const lines = paragraphs
    .filter((paragraph) => paragraph !== undefined)
    .map((paragraph) => wrap(paragraph.replaceAll('*/', '*\\/')))
    .join('\n\n')
    .split('\n')
  if (lines.length === 1) return `/** ${lines[0]} */\n`
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`
}

function wrap(paragraph: string): string {
  return paragraph.split('\n').map(wrapLine).join('\n')
}

function wrapLine(line: string): string {
  const indent = line.startsWith('- ') ? '  ' : ''
  const lines = ['']
  for (const word of line.split(' ')) {
    const longer = `${lines.at(-1)}${lines.at(-1) ? ' ' : ''}${word}`
    if (longer.length <= width) lines.splice(-1, 1, longer)
    else lines.push(indent + word)
  }
  return lines.join('\n')
}
