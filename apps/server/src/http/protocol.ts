import type { FastifyInstance } from 'fastify'
import { ProblemError } from '../problem.ts'

/** Settles what Node would answer in its own words, or not at all. */
export function registerProtocol(app: FastifyInstance) {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    refuseRepeated(raw.rawHeaders)
    if (raw.headers.host === undefined && raw.httpVersion !== '1.0') throw badHeader('Host')
    done()
  })
  // An unknown expectation may be ignored (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.routing(request, response))
}

/** Sent twice, proxies and servers may read different ones (RFC 9112, section 3.2). */
const single: Record<number, string> = { 4: 'host', 13: 'authorization' }

function refuseRepeated(rawHeaders: readonly string[]) {
  const seen = new Set<string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    // The length tells most names apart without a copy in lower case.
    if (single[name.length] === undefined) continue
    const folded = name.toLowerCase()
    if (folded !== single[name.length]) continue
    if (seen.has(folded)) throw badHeader(name)
    seen.add(folded)
  }
}

function badHeader(name: string): ProblemError {
  return new ProblemError('parse_error', { detail: `Send one ${name} header field.` })
}
