const clearing = new Set<() => void>()
let isListening = false

/**
 * Runs something when this process ends before its time, by a signal or an error. Answers how to
 * do it now instead, in order.
 */
export function atExit(clear: () => void): () => void {
  listen()
  clearing.add(clear)
  return () => {
    if (clearing.delete(clear)) clear()
  }
}

function listen() {
  if (isListening) return
  isListening = true
  process.once('exit', () => {
    for (const clear of [...clearing].reverse()) clear()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1))
  }
}
