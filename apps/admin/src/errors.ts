import { type ApiError, isApiError, NetworkError } from '@rollcall/sdk'
import { Cancelled } from './session/ask.ts'
import { errorText as text } from './text/errors.ts'

/** An error as people are told of it. */
export interface Explained {
  readonly title: string
  readonly detail: string
  readonly requestId?: string | undefined
  readonly kind: 'forbidden' | 'not-found' | 'offline' | 'failed'
}

export function explain(error: unknown): Explained {
  if (isApiError(error)) return explainRefusal(error)
  if (error instanceof NetworkError) {
    return navigator.onLine
      ? { ...text.unreachable, kind: 'failed' }
      : { ...text.offline, kind: 'offline' }
  }
  return { ...text.unexpected, kind: 'failed' }
}

function explainRefusal(error: ApiError): Explained {
  const { requestId } = error
  switch (error.code) {
    case 'permission_denied':
      return { title: text.forbidden, detail: error.detail, requestId, kind: 'forbidden' }
    case 'not_found':
      return { title: text.notFound, detail: error.detail, requestId, kind: 'not-found' }
    case 'validation_failed':
      return { title: text.invalid, detail: fieldDetails(error), requestId, kind: 'failed' }
    case 'throttled':
      return { title: text.throttled, detail: error.detail, requestId, kind: 'failed' }
    case 'last_superuser':
      return { title: text.lastSuperuser, detail: error.detail, requestId, kind: 'failed' }
    default:
      return { title: text.refused, detail: error.detail, requestId, kind: 'failed' }
  }
}

function fieldDetails(error: ApiError): string {
  if (error.fields.length === 0) return error.detail
  return error.fields.map(({ field, detail }) => `${field}: ${detail}`).join(' ')
}

/** Whether the person closed a dialog that the work needed: nothing to report. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Cancelled
}

/** The problems of fields, by the name of the field. */
export function fieldProblems(error: unknown): Record<string, string> {
  if (!isApiError(error)) return {}
  return Object.fromEntries(error.fields.map(({ field, detail }) => [field, detail]))
}
