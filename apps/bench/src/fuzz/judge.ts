import type { Answer, Silence } from '../caller.ts'
import type { Made } from './requests.ts'

/** What is wrong with an answer; nothing when it is as it is declared, and came in time. */
export function judge(made: Made, answer: Answer | Silence, slowestMs: number): string | undefined {
  if (!('text' in answer)) return `no answer: ${answer.reason}`
  const { status, durationMs } = answer
  if (status >= 500) return `it answered ${status}: ${answer.text}`
  if (durationMs > slowestMs) return `it took ${durationMs.toFixed(0)} ms`
  const isForOperation = isMounted(made) && !beforeRouting.has(status)
  return isForOperation ? judgeDeclared(made, answer) : judgeOther(answer)
}

/** Slow or oversize heads are refused before it is known which operation they are for. */
const beforeRouting = new Set([408, 431])

/** Whether the method and path are still those of the operation. */
function isMounted({ operation, method, path }: Made): boolean {
  const pattern = operation.path.replace(/\{\w+\}/g, '[^/]+').replace(/\/$/, '/?')
  return method === operation.method && new RegExp(`^${pattern}(\\?.*)?$`).test(path)
}

function judgeDeclared({ operation }: Made, answer: Answer): string | undefined {
  const declared = operation.answers.get(answer.status)
  if (!declared) return `the status ${answer.status} is not declared: ${answer.text}`
  if (declared.size === 0) return answer.text === '' ? undefined : `it has a body: ${answer.text}`
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';')
  const validate = declared.get(type)
  if (!validate) return `the media type ${type} is not declared for ${answer.status}`
  // Of a stream the type is all that there is to compare.
  if (!/^application\/(problem\+)?json$/.test(type)) return undefined
  const body = parse(answer.text)
  if (validate(body)) return undefined
  const [error] = validate.errors ?? []
  return `${answer.status} does not fit its schema: ${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}: ${answer.text}`
}

/** Another path or method: whatever it is, what refuses is a problem. */
function judgeOther({ status, headers, text }: Answer): string | undefined {
  if (status < 400 || text === '') return undefined
  const isProblem = headers['content-type']?.startsWith('application/problem+json')
  return isProblem && typeof parse(text) === 'object'
    ? undefined
    : `${status} is no problem: ${text}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
