import { createStore } from '../store.ts'

/** What the server asks for before it goes on: who you are, or a proof of it. */
export type Need = 'sign-in' | 'proof'

export interface Question {
  readonly need: Need
  /** The person has answered, and the server is content. */
  readonly done: () => void
  /** The person would rather not. */
  readonly cancel: () => void
}

/** The person closed the dialog; what needed it was not done. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** The question that is being asked, if any. */
export const question = createStore<Question | null>(null)

let asked: { need: Need; answer: Promise<void> } | undefined

/** Asks, once for all that wait for the same; one question after the other. */
export async function ask(need: Need): Promise<void> {
  while (asked && asked.need !== need) await asked.answer.catch(() => {})
  asked ??= { need, answer: put(need) }
  return asked.answer
}

function put(need: Need): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const end = (then: () => void) => () => {
      asked = undefined
      question.set(null)
      then()
    }
    const cancel = end(() => reject(new Cancelled(`The person did not answer: ${need}`)))
    question.set({ need, done: end(resolve), cancel })
  })
}
