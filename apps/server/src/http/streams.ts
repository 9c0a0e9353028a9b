import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'

/** The stream of what a handler writes part by part. */
export type ToStream = (parts: AsyncIterable<string>) => Readable

/**
 * Makes streams of what handlers write part by part. Whoever goes away ends theirs, and with it
 * what they are read from; a server that stops ends them all, rather than wait for slow readers.
 */
export function createStreams(app: FastifyInstance): ToStream {
  const open = new Set<Readable>()

  async function end(stream: Readable): Promise<void> {
    const closed = once(stream, 'close')
    stream.destroy()
    await closed
  }

  app.addHook('preClose', async () => {
    await Promise.allSettled([...open].map(end))
  })

  return (parts) => {
    const stream = Readable.from(parts)
    open.add(stream)
    return stream.once('close', () => open.delete(stream))
  }
}
