import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** A request, as it is sent. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** Sent as JSON, unless it is bytes or text already. */
  readonly body?: unknown
}

/** An answer of which everything has come. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly durationMs: number
}

/** Why there was no answer: the connection broke, or it took too long. */
export interface Silence {
  readonly status: 0
  readonly reason: string
  readonly durationMs: number
}

export type Caller = ReturnType<typeof createCaller>

/** Calls a server over connections that are kept; what is not answered is not sent again. */
export function createCaller(url: string, { connections = 64, limitMs = 30_000 } = {}) {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  return {
    url,

    call({ method, path, token, headers, body }: Call): Promise<Answer | Silence> {
      const startedAt = performance.now()
      const durationMs = () => performance.now() - startedAt
      const payload = toPayload(body)
      return new Promise((resolve) => {
        const outgoing = request({
          ...{ agent, hostname, port, method, path, timeout: limitMs },
          headers: {
            ...(payload && {
              'content-type': 'application/json',
              'content-length': payload.length,
            }),
            ...(token && { authorization: `Bearer ${token}` }),
            ...headers,
          },
        })
        const fail = (error: Error & { code?: string }) => {
          resolve({ status: 0, reason: error.code ?? error.message, durationMs: durationMs() })
        }
        outgoing.once('error', fail)
        outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')))
        outgoing.once('response', (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk) => {
            text += chunk
          })
          response.once('error', fail)
          response.once('end', () => {
            const { statusCode: status = 0, headers } = response
            resolve({ status, headers, text, durationMs: durationMs() })
          })
        })
        outgoing.end(payload)
      })
    },

    close: () => agent.destroy(),
  }
}

function toPayload(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
