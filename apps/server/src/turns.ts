interface Line {
  running: number
  readonly waiting: (() => void)[]
}

/** Lets so many pieces of work go on at a time under one key; the others wait in line. */
export function createTurns() {
  const lines = new Map<string, Line>()

  return async function turn<T>(key: string, size: number, work: () => Promise<T>): Promise<T> {
    const line = lines.get(key) ?? { running: 0, waiting: [] }
    lines.set(key, line)
    if (line.running >= size) await new Promise<void>((resolve) => line.waiting.push(resolve))
    else line.running += 1
    try {
      return await work()
    } finally {
      const next = line.waiting.shift()
      if (next) next()
      else line.running -= 1
      if (line.running === 0) lines.delete(key)
    }
  }
}
