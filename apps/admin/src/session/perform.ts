import { isApiError } from '@rollcall/sdk'
import { ask, type Need } from './ask.ts'

let onDenied = () => {}

/** Names what is to be done when a call is refused for want of a right: rights have changed. */
export function whenDenied(listener: () => void) {
  onDenied = listener
}

/**
 * Does the work. Where the server wants a sign-in or a proof of who calls, the person is asked
 * for it over the page, and the work goes on by itself: nothing typed is lost.
 */
export async function perform<T>(work: () => PromiseLike<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const need = needOf(error)
      if (!need) {
        if (isApiError(error, 'permission_denied')) onDenied()
        throw error
      }
      await ask(need)
    }
  }
}

function needOf(error: unknown): Need | undefined {
  if (!isApiError(error)) return undefined
  if (error.code === 'reauthentication_required') return 'proof'
  if (error.code === 'token_not_valid' || error.code === 'not_authenticated') return 'sign-in'
  return undefined
}
