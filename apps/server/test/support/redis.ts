import { once } from 'node:events'
import { connect } from 'node:net'

/** The Redis that tests run on; what they leave there ends by itself. */
export const redisUrl = process.env.ROLLCALL_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** Whether there is one here. */
export async function isRedisThere(): Promise<boolean> {
  const { hostname, port } = new URL(redisUrl)
  const socket = connect(Number(port || 6379), hostname)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
