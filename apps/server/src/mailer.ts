import type { UserRow } from './db/tables.ts'

/** What the server has to tell the holder of an account. */
export interface Mail {
  readonly userId: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Takes mails over; delivering them is its own affair, and never fails a request. */
export interface Mailer {
  send(mail: Mail): void
}

/**
 * Sends nothing, and notes in the log what would be sent. The text may one day hold a secret, and
 * the address is personal: both are left out but in development.
 */
export function createConsoleMailer(
  log: { info(fields: object, message: string): void },
  env: 'development' | 'production',
): Mailer {
  return {
    send({ userId, to, subject, text }) {
      const content = env === 'development' ? { to, text } : {}
      log.info({ userId, subject, ...content }, 'mail not sent: there is no mail server yet')
    },
  }
}

/** Tells the holder of an account what somebody else may have done (ASVS 6.3.7). */
export function passwordChangedMail({ id, email, username }: UserRow): Mail {
  return {
    userId: id,
    to: email,
    subject: 'Your password was changed',
    text: `The password of your account ${username} was changed, and its sessions were ended. If it was not you, ask an administrator for help at once.`,
  }
}
