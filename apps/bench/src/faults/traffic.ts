import type { Caller } from '../caller.ts'
import type { Ledger, LedgerSession, Person } from './ledger.ts'

/** How many clients do what, each one call after the other. */
export interface Mix {
  /** Renew their tokens again and again, and sign out now and then. */
  readonly renewers: number
  /** Register, sign in and change the password. */
  readonly newcomers: number
}

export const usualMix: Mix = { renewers: 12, newcomers: 4 }

/** Exchanges of a refresh token before somebody signs out. */
const renewalsPerSession = 60

/** After no answer or `service_unavailable`. */
const pauseMs = 20

/** Keeps clients busy while it runs, whatever they are answered. */
export interface Traffic {
  /** The clients take turns at the servers. */
  start(callers: readonly Caller[]): void
  /** Ends when every call under way is answered or has failed. */
  stop(): Promise<void>
}

export function createTraffic(ledger: Ledger, mix = usualMix): Traffic {
  const clients = [
    ...Array.from({ length: mix.renewers }, createRenewer),
    ...Array.from({ length: mix.newcomers }, createNewcomer),
  ]
  let isRunning = false
  let running: Promise<unknown> = Promise.resolve()

  /** Nobody else changes its account, so it knows what to expect. */
  function createRenewer() {
    let person: Person | undefined
    return async (caller: Caller) => {
      person ??= await registered(caller)
      const session = person && (await ledger.signIn(caller, person))
      for (let turn = 0; turn < renewalsPerSession && isOpen(session); turn += 1) {
        await ledger.rotate(caller, session)
      }
      if (isOpen(session)) await ledger.signOut(caller, session)
      return session !== undefined
    }
  }

  function createNewcomer() {
    return async (caller: Caller) => {
      const person = await registered(caller)
      const first = person && (await ledger.signIn(caller, person))
      // The first session ends when the password is changed with the second.
      const second = first && (await ledger.signIn(caller, first.person))
      if (isOpen(second)) await ledger.changePassword(caller, second)
      return second !== undefined
    }
  }

  async function registered(caller: Caller): Promise<Person | undefined> {
    const person = await ledger.register(caller)
    return person.isRegistered ? person : undefined
  }

  function isOpen(session: LedgerSession | undefined): session is LedgerSession {
    return session?.state === 'open' && isRunning
  }

  async function keepBusy(client: (caller: Caller) => Promise<boolean>, caller: Caller) {
    while (isRunning) {
      if (!(await client(caller))) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  return {
    start(callers) {
      isRunning = true
      running = Promise.all(
        clients.map((client, index) => {
          const caller = callers[index % callers.length]
          return caller && keepBusy(client, caller)
        }),
      )
    },

    async stop() {
      isRunning = false
      await running
    },
  }
}
