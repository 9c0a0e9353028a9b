import { writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { measureAlike } from './alike/alike.ts'
import { tryFaults } from './faults/faults.ts'
import { fuzz } from './fuzz/fuzz.ts'
import { type FigureTable, publish } from './publish.ts'
import { measureScale, usualUsers } from './scale/scale.ts'
import { measureSdk } from './sdk/sdk.ts'
import { measureSpeed } from './speed/speed.ts'
import { measureWorkers } from './workers/workers.ts'

interface Options {
  readonly database?: string
  readonly seconds: number
  readonly json?: string
  readonly publish?: boolean
}

const program = new Command('bench')
  .description('Measures the real, running Rollcall server over HTTP on loopback.')
  .option('--database <url>', 'a PostgreSQL server, on which a database is made and dropped')
  .option('--seconds <n>', 'how long to measure each figure of a round', positive, 3)
  .option('--json <file>', 'also write the figures as JSON')
  .option('--publish', 'put the figures on the page "Performance and durability"')

program
  .command('speed', { isDefault: true })
  .description('requests per second and latencies, next to the ceilings of the same machine')
  .option('--rounds <n>', 'how often to measure; medians are printed', positive, 3)
  .option('--only <scenario>', 'one scenario alone')
  .action(async (_options, command: Command) => {
    await report(command, measureSpeed)
  })

program
  .command('workers')
  .description('whether more processes answer as many times as much')
  .option('--rounds <n>', 'how often to measure; medians are printed', positive, 3)
  .action(async (_options, command: Command) => {
    await report(command, measureWorkers)
  })

program
  .command('scale')
  .description('how long every filter, search and ordering takes among many users')
  .option('--users <n>', 'how many users to make up', positive, usualUsers)
  .option('--only <text>', 'only lists whose name holds the text')
  .option('--keep <folder>', 'keep the SQLite database there, and use it when it is there')
  .action(async (_options, command: Command) => {
    await report(command, measureScale)
  })

program
  .command('alike')
  .description('whether refused sign-ins can be told apart, by their answer or by their time')
  .option('--pairs <n>', 'how many pairs of guesses to compare', positive, 600)
  .action(async (_options, command: Command) => {
    await report(command, measureAlike)
  })

program
  .command('sdk')
  .description('what the SDK costs whoever uses it, to check its types and to import it')
  .action(async (_options, command: Command) => {
    await report(command, measureSdk)
  })

program
  .command('faults')
  .description('whether nothing acknowledged is lost, whatever happens to the server')
  .option('--only <ids>', 'some faults alone, such as F1 or F1,F8')
  .option('--for-seconds <n>', 'how long F1, on each database, and F16 go on', positive)
  .option('--long', 'for a night: 30,000 acknowledged writes over 200 kills, half an hour of soak')
  .action(async (_options, command: Command) => {
    await report(command, tryFaults)
  })

program
  .command('fuzz')
  .description('whether every answer to made up input is as declared, and comes in time')
  .option('--requests <n>', 'how many to send on each database', positive, 100_000)
  .option('--seed <n>', 'the same seed makes the same requests', positive, 1)
  .action(async (_options, command: Command) => {
    await report(command, fuzz)
  })

await program.parseAsync()

interface Result {
  /** Whether the figures are to be trusted. */
  readonly isValid: boolean
  readonly tables: readonly FigureTable[]
}

/** Runs a benchmark, prints its table, and fails when a figure is not to be trusted. */
async function report<T extends object>(
  command: Command,
  measure: (options: T) => Promise<Result>,
) {
  const options = command.optsWithGlobals<T & Options>()
  const result = await measure(options)
  if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`)
  if (options.publish && result.isValid) publish(result.tables, commandOf(process.argv.slice(2)))
  if (!result.isValid) process.exitCode = 1
}

/** The command as anybody can give it: their database is another, and their files are theirs. */
function commandOf(args: readonly string[]): string {
  const shown = args
    .filter((arg, index) => arg !== '--publish' && !isFile(arg) && !isFile(args[index - 1]))
    .map((arg) => arg.replace(/postgres(ql)?:.*/, '$DATABASE'))
  return ['pnpm bench', ...shown].join(' ')
}

function isFile(option: string | undefined): boolean {
  return option === '--json' || option === '--keep'
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('Give a number above 0.')
  return value
}
