import { Problem, type ProblemCode, problems } from '@rollcall/contract'
import type { Test } from 'tap'
import { Value } from 'typebox/value'

export interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: unknown
}

/**
 * Many refusals in one assertion: each must be the problem expected, with its
 * status, as problem+json of the contract's shape.
 */
export function createRefusals() {
  const flaws: string[] = []
  let count = 0

  return {
    /** `fields` are what `errors` must hold, as `username=required`. */
    expect(label: string, answer: Answer, code: ProblemCode, ...fields: string[]) {
      count += 1
      for (const flaw of flawsOf(answer, code, fields)) flaws.push(`${label}: ${flaw}`)
    },

    /** Fails with the list of flaws, or when fewer were tried than there should be. */
    assert(t: Test, atLeast: number) {
      t.same(flaws, [])
      t.ok(count >= atLeast, `${count} refusals of at least ${atLeast}`)
    },
  }
}

function* flawsOf({ status, headers, body }: Answer, code: ProblemCode, fields: string[]) {
  if (status !== problems[code].status) yield `status ${status}`
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8') {
    yield `content type ${headers['content-type']}`
  }
  if (status === 401 && headers['www-authenticate'] !== challengeOf(code)) {
    yield `challenge ${headers['www-authenticate']}`
  }
  if (!Value.Check(Problem, body)) {
    yield `no problem: ${JSON.stringify(body)?.slice(0, 80)}`
    return
  }
  if (body.code !== code || body.status !== status) yield `code ${body.code}`
  const found = (body.errors ?? []).map((error) => `${error.field}=${error.code}`)
  if (found.join() !== fields.join()) yield `fields ${found.join() || 'none'}`
}

/** RFC 6750, section 3: a token that was sent and refused is told from one that is missing. */
function challengeOf(code: ProblemCode): string {
  return `Bearer realm="rollcall"${code === 'token_not_valid' ? ', error="invalid_token"' : ''}`
}
