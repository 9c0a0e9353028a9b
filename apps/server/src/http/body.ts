import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parse } from 'secure-json-parse'
import { invalidFields, ProblemError } from '../problem.ts'

const maxDepth = 16

/** Reads bodies as JSON in UTF-8 and as nothing else. */
export function registerBodyParser(app: FastifyInstance) {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      refuseEncoded(request)
      return parseJson(body)
    },
  )
}

/** Nothing is unpacked: a small body could become a huge one (RFC 9110, section 8.4). */
function refuseEncoded({ headers }: FastifyRequest) {
  if ((headers['content-encoding'] ?? 'identity') === 'identity') return
  throw new ProblemError('unsupported_media_type', { detail: 'Send the body without encoding.' })
}

/** An empty body is none: clients send the content type with a DELETE too. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  if (!isUtf8(body)) throw new ProblemError('parse_error', { detail: 'The body is not UTF-8.' })
  const value = parseStrictly(body.toString('utf8'))
  // Fastify does not tell it from an absent body.
  if (value === null) throw invalidFields(nullBody)
  if (depthOf(value) > maxDepth) {
    throw new ProblemError('parse_error', { detail: `Nest at most ${maxDepth} levels deep.` })
  }
  return value
}

const nullBody = { field: 'body', code: 'null', detail: 'The body may not be null.' } as const

function parseStrictly(text: string): unknown {
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch {
    // The parser's message quotes the body, with whatever password it holds: not for the log.
    throw new ProblemError('parse_error', { detail: 'The body is not valid JSON.' })
  }
}

function depthOf(value: unknown): number {
  let level = [value]
  for (let depth = 0; ; depth += 1) {
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    )
    if (level.length === 0 || depth > maxDepth) return depth
  }
}
