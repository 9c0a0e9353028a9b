import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** Who uses a connection is told to leave it within so long. */
const farewellMs = 300

/** More cannot have been waiting: where they come faster than they are accepted, some are lost. */
const mostTurns = 1_000

/** Afterwards connections without a request are closed every so often. */
const idleSweepMs = 50

/**
 * Closes the server so that whatever reaches it is answered. A connection that is closed while its
 * client sends the next request would lose that request; so each is told to close by the answer
 * before, and only those are closed that nobody has used since.
 */
export async function drain(app: FastifyInstance): Promise<void> {
  const { server } = app
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close')
  })
  if ((await countConnections(server)) > 0) await setTimeout(farewellMs)
  await acceptWaiting(server)
  const isClosed = new Promise((resolve) => server.close(resolve))
  // A connection whose last request ends only now would be kept open for another.
  const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs)
  await isClosed
  clearInterval(sweep)
  await app.close()
}

/** A turn of the event loop accepts one connection; the system resets those still in its queue. */
async function acceptWaiting(server: FastifyInstance['server']) {
  let accepted = 0
  server.on('connection', () => {
    accepted += 1
  })
  for (let turns = 0, before = -1; before !== accepted && turns < mostTurns; turns += 1) {
    before = accepted
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function countConnections(server: FastifyInstance['server']): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((_error, count) => resolve(count ?? 0))
  })
}
