import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { parse } from 'secure-json-parse'
import { ProblemError } from '../problem.ts'

const maxDepth = 16

/** Reads bodies as JSON in UTF-8 and as nothing else. */
export function registerBodyParser(app: FastifyInstance) {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseJson(body),
  )
}

/** An empty body is none: clients send the content type with a DELETE too. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  if (!isUtf8(body)) throw new ProblemError('parse_error', { detail: 'The body is not UTF-8.' })
  const value = parseStrictly(body.toString('utf8'))
  if (depthOf(value) > maxDepth) {
    throw new ProblemError('parse_error', { detail: `Nest at most ${maxDepth} levels deep.` })
  }
  return value
}

function parseStrictly(text: string): unknown {
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch (cause) {
    throw new ProblemError('parse_error', { detail: 'The body is not valid JSON.', cause })
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
