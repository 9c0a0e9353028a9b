import { type Fault, NotHereError } from './fault.ts'

/** What the list of faults names, and Rollcall does not have yet. */
export const untried: readonly Fault[] = [
  untriedFault('F11', 'a rolling update', 'there is no earlier release to run beside this one'),
  untriedFault('F15', 'rotation of the data key', 'nothing is sealed under a key of its own yet'),
  untriedFault('F17', 'the mail server is gone', 'mail is written to the log, and not sent yet'),
]

function untriedFault(id: string, name: string, reason: string): Fault {
  return { id, name, run: () => Promise.reject(new NotHereError(reason)) }
}
