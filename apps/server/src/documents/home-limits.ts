import type { Config } from '../config.ts'
import { publicKeyCacheSeconds } from '../features/keys/service.ts'
import { contextWords, longest, shortest } from '../features/passwords/policy.ts'
import { backOff, rateLimits, waits } from '../limits.ts'
import { durationInWords } from './durations.ts'
import { type Html, html, inlineCode } from './html.ts'
import { type Row, table } from './table.ts'

/** Every limit and every lifetime that is in force, from the settings and limits themselves. */
export function limitsSection(config: Config): Html {
  return html`<section id="limits" aria-labelledby="limits-title">
        <h2 id="limits-title">Limits and lifetimes</h2>
        <p>What this server is set to. Whoever meets a limit is answered <code>429</code> with <code>Retry-After</code>, and nothing is done.</p>
        ${table('Lifetimes', ['What', 'How long', 'Why'], lifetimes(config))}
        ${
          config.limits === 'on'
            ? html`${table('Calls from one address (IPv6: one /64)', ['Operation', 'At most', 'Why'], calls)}
        ${table('Wrong passwords', ['Counted by', 'Free', 'What it means'], guesses)}
        <p>${inlineCode(waitsInWords)}</p>`
            : html`<p><strong>The limits of this server are off:</strong> it is for load tests alone.</p>`
        }
        ${table('Sizes', ['What', 'At most', 'Why'], sizes(config))}
        <p>${inlineCode(passwordRules(config))}</p>
      </section>`
}

function lifetimes(config: Config): Row[] {
  const span = durationInWords
  return [
    [
      'Access token',
      span(config.accessTokenSeconds),
      'Short, since services that verify it by the public keys alone do not see that its session has ended. This server looks the session up on every request.',
    ],
    [
      'Session that is not used',
      span(config.sessionIdleSeconds),
      'NIST SP 800-63B sets no such limit at AAL1; two weeks forget a lost device.',
    ],
    [
      'Session, however it is used',
      span(config.sessionMaxSeconds),
      'NIST SP 800-63B: 30 days at most at AAL1.',
    ],
    [
      'Session of staff',
      span(config.staffSessionMaxSeconds),
      'NIST SP 800-63B: 24 hours at most at AAL2; a working day fits in.',
    ],
    [
      'Sign-in that counts as recent',
      span(config.reauthenticationSeconds),
      'Sensitive changes demand the password again after that: `reauthentication_required`.',
    ],
    [
      'Grace of a spent refresh token',
      config.refreshGraceSeconds === 0 ? 'none' : span(config.refreshGraceSeconds),
      'Lost replies and parallel tabs are answered the same successor; an older token ends its session.',
    ],
    [
      'Link to set a password',
      span(config.linkSeconds),
      'Works once; a newer one ends it. Its 256 random bits cannot be guessed.',
    ],
    [
      'Public keys in caches',
      span(publicKeyCacheSeconds),
      'A new key waits so long before it signs, so that everybody knows it.',
    ],
    [
      'Audit trail',
      span(config.auditRetentionDays * 86_400),
      'Then events are deleted, addresses and browsers with them.',
    ],
  ]
}

const calls: Row[] = Object.entries(rateLimits).map(([name, { max, windowSeconds, reason }]) => [
  name === 'others' ? 'All others together' : `\`${name}\``,
  `${max.toLocaleString('en')} in ${durationInWords(windowSeconds)}`,
  reason,
])

const guesses: Row[] = Object.entries(backOff).map(
  ([name, { freeFailures, windowSeconds, reason }]) => [
    name,
    `${freeFailures} in ${durationInWords(windowSeconds)}`,
    reason,
  ],
)

const waitsInWords = `Beyond them each wrong password has to wait: ${durationInWords(waits.firstSeconds)}, then twice as long each time, up to ${durationInWords(waits.longestSeconds)}. It is the same whether the account exists or not. Guessing by others does not lock its holder out: who has signed in before from the same network with the same browser is counted apart, and links to set a password go on working.`

function sizes(config: Config): Row[] {
  return [
    [
      'Sessions of an account',
      String(config.sessionsPerUser),
      'The oldest gives way to a new one.',
    ],
    ['Accounts on a page', '100', '50 unless `limit` says otherwise.'],
    [
      'Body of a request',
      `${config.bodyLimitBytes.toLocaleString('en')} bytes`,
      'Beyond it: `payload_too_large`.',
    ],
    [
      'Password hashes at a time',
      `as many as there are cores, and ${config.hashQueue} waiting`,
      'Beyond it: `service_unavailable`, so that sign-ins never hold up reads.',
    ],
    ['Time to send a request', '10 seconds', 'Its head 5 seconds; slow clients are closed.'],
  ]
}

function passwordRules({ passwordPolicy }: Config): string {
  const words = contextWords.map((word) => `\`${word}\``).join(', ')
  return `Passwords have ${shortest[passwordPolicy]} to ${longest} characters of any kind and never expire. Refused are some 180,000 common and leaked ones, these words with whatever digits and signs around them: ${words}; and what resembles the username, the names, the e-mail address or the phone number of its account.`
}
