import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from '../problem.ts'

/** Settles what Node would answer in its own words, or not at all. */
export function registerProtocol(app: FastifyInstance) {
  const isFlooded = createPipelineGuard()
  app.addHook('onRequest', ({ raw }, reply, done) => {
    if (isFlooded(raw.socket, reply.raw)) return void reply.hijack()
    refuseRepeated(raw.rawHeaders)
    if (raw.headers.host === undefined && raw.httpVersion !== '1.0') throw badHeader('Host')
    done()
  })
  // An unknown expectation may be ignored (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.routing(request, response))
}

/** Requests sent ahead of the answers to earlier ones; nobody who means well sends so many. */
const longestPipeline = 100

/**
 * Closes a connection that sends more ahead: Node starts them all at once, so that one packet
 * would keep everybody else waiting. What was read with them is dropped unanswered.
 */
function createPipelineGuard() {
  const waiting = new WeakMap<Socket, number>()

  return (socket: Socket, response: ServerResponse): boolean => {
    // It gets the socket at once unless it has to wait.
    if (response.socket !== null) return false
    const count = (waiting.get(socket) ?? 0) + 1
    waiting.set(socket, count)
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1))
    if (count > longestPipeline) socket.destroy()
    return socket.destroyed
  }
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
