import { fileURLToPath } from 'node:url'

/** The command line: as it is built where `npm test` says so, or from its sources. */
export const cli =
  process.env.ROLLCALL_TEST_CLI ?? fileURLToPath(new URL('../../src/cli.mjs', import.meta.url))
