import { assumed, measured } from './capacity.ts'
import { engines, nodes, stages } from './growing-advice.ts'
import { type Chapter, chapterSection } from './handbook.ts'
import { html } from './html.ts'
import { documentPage } from './page.ts'
import type { Row } from './table.ts'

/** What a node can do, what to switch on when it is not enough, and where that ends. */
export function growingPage(): string {
  return documentPage({
    title: 'Growing',
    description: 'What one node does, what to switch on when, and the arithmetic to 100 million.',
    lead: 'From one process with a file to many machines on one PostgreSQL: what a node was measured to do, what to switch on and when, what the nodes share, and what it takes for 100 million accounts.',
    content: html`${[capacity(), stages, nodes, arithmetic(), engines].map(chapterSection)}`,
  })
}

function capacity(): Chapter {
  const { machine, perProcess, signInsPerCore, row, accountOnSqlite } = measured
  return {
    id: 'capacity',
    title: 'What one node does',
    text: [
      `Measured by \`pnpm bench speed\` on ${machine}, one server process on SQLite, over HTTP. A process uses one core for requests, and the others for password hashes, which give way. Measure on your own machine, and with your own database, before you rely on it.`,
    ],
    tables: [
      {
        caption: 'Capacity',
        heads: ['What', 'So much', 'Bounded by'],
        rows: [
          ['Reads of an account', `${number(perProcess.read)} a second and process`, 'the core'],
          ['Lists of 50 accounts', `${number(perProcess.list)} a second and process`, 'the core'],
          [
            'Renewed tokens, each a durable write',
            `${number(perProcess.refresh)} a second`,
            'the core; on a slower disk its `fsync`, which writers share',
          ],
          ['Sign-ins', `${number(signInsPerCore)} a second and core`, 'the password hash'],
          [
            'Accounts',
            `${number(row.account)} bytes each on PostgreSQL, ${number(accountOnSqlite)} on SQLite`,
            'the disk; no request gets slower with their number',
          ],
        ],
      },
    ],
  }
}

function arithmetic(): Chapter {
  const { accounts, activeShare, peak, utilisation, retentionDays } = assumed
  return {
    id: 'arithmetic',
    title: `The arithmetic to ${inWords(accounts)} accounts`,
    text: [
      `Assumed: of ${inWords(accounts)} accounts ${percent(activeShare)} are used on a day, each for half an hour: ${assumed.calls} calls, ${assumed.renewals} renewals of tokens, and a sign-in every two weeks; the busiest second has ${peak} times the mean, and nothing is used to more than ${percent(utilisation)}. The figures of the table above are for SQLite: on PostgreSQL a read costs the server process less time than it waits, and what the database itself bears has to be measured there.`,
      'So requests are the least of it: a handful of cores answers them, and the hashes of sign-ins need fewer still. The database grows by the audit trail first, whose retention is a setting; then by durable writes, whose number a second a single PostgreSQL with fast disks bears. Lists and searches go to replicas. What lies beyond is several clusters, each with the accounts of a region or a customer, and a proxy that knows which.',
    ],
    tables: [
      {
        caption: 'What it takes',
        heads: ['What', 'At the busiest second', 'What it needs'],
        rows: [...loads(), ...sizes(retentionDays)],
      },
    ],
  }
}

function loads(): Row[] {
  const { perProcess, signInsPerCore } = measured
  const calls = atPeak(assumed.calls)
  const renewals = atPeak(assumed.renewals)
  const signIns = atPeak(assumed.signIns)
  const needed = (load: number, capacity: number) =>
    Math.ceil(load / (capacity * assumed.utilisation))
  return [
    ['Calls', `${number(calls)} a second`, `${needed(calls, perProcess.read)} processes`],
    [
      'Renewals',
      `${number(renewals)} durable writes a second`,
      `${needed(renewals, perProcess.refresh)} times the writes of one node on SQLite: PostgreSQL on NVMe, or \`ROLLCALL_ACCESS_TOKEN_SECONDS\` above 300`,
    ],
    [
      'Sign-ins',
      `${number(signIns)} a second`,
      `${needed(signIns, signInsPerCore)} cores; after an outage that ends all sessions, many times as many`,
    ],
  ]
}

function sizes(retentionDays: number): Row[] {
  const { row } = measured
  const { accounts, activeShare, signIns, sessionsPerAccount } = assumed
  const events = accounts * activeShare * signIns * retentionDays
  return [
    ['Accounts', '', gigabytes(accounts * row.account)],
    ['Sessions', '', gigabytes(accounts * sessionsPerAccount * row.session)],
    [
      'Audit trail',
      '',
      `${gigabytes(events * row.event)} in ${retentionDays} days of sign-ins alone; less with \`ROLLCALL_AUDIT_RETENTION_DAYS\``,
    ],
  ]
}

function atPeak(aDay: number): number {
  const { accounts, activeShare, peak } = assumed
  return Math.round((accounts * activeShare * aDay * peak) / 86_400)
}

function number(value: number): string {
  return value.toLocaleString('en')
}

function percent(share: number): string {
  return `${share * 100} %`
}

function gigabytes(bytes: number): string {
  return `${number(Math.round(bytes / 1e9))} GB`
}

function inWords(count: number): string {
  return `${number(count / 1e6)} million`
}
