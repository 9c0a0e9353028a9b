import { renameSync, writeFileSync } from 'node:fs'

/** Loaded ahead of the server: on SIGUSR2 collects garbage and writes down what is left. */
const file = process.env.ROLLCALL_TEST_HEAP_FILE ?? ''

process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  writeFileSync(`${file}.new`, String(process.memoryUsage().heapUsed))
  renameSync(`${file}.new`, file)
})
