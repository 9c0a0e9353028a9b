import type { FastifyRequest } from 'fastify'
import type { Origin } from '../features/audit/origin.ts'

const longestUserAgent = 512

/** Where a request comes from, for the audit trail and the list of sessions. */
export function originOf(request: FastifyRequest): Origin {
  const userAgent = request.headers['user-agent']?.slice(0, longestUserAgent) ?? null
  return { ip: request.ip, userAgent, requestId: request.id }
}
