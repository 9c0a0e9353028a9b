import type { FastifyInstance } from 'fastify'
import { parseJson } from '../http/body.ts'

const path = '/csp-reports/'

/** The directives by which a page tells where its breaches are to be reported (ASVS 3.4.7). */
export const reportTo = `report-uri ${path}; report-to csp`

/** The header field that goes with them. */
export const reportingEndpoints = `csp="${path}"`

const longestReport = 16_384
const longestValue = 200
const mostReports = 10

/** Logs what browsers report of a page that broke its policy: a fault of ours, or an attack. */
export function registerReports(app: FastifyInstance) {
  app.register(async (scope) => {
    scope.addContentTypeParser(
      ['application/csp-report', 'application/reports+json'],
      { parseAs: 'buffer', bodyLimit: longestReport },
      async (_request: unknown, body: Buffer) => parseJson(body),
    )
    scope.post(path, (request, reply) => {
      for (const breach of breachesOf(request.body)) {
        request.log.warn({ breach }, 'a page broke its content security policy')
      }
      return reply.code(204).send()
    })
  })
}

/** Browsers of both kinds: one old report, or a list of new ones. */
function breachesOf(body: unknown) {
  return [body]
    .flat()
    .slice(0, mostReports)
    .flatMap((report) => {
      const { 'csp-report': old, body: recent } = asRecord(report)
      const said = { ...asRecord(old), ...asRecord(recent) }
      if (Object.keys(said).length === 0) return []
      return {
        page: withoutQuery(said['document-uri'] ?? said.documentURL),
        blocked: withoutQuery(said['blocked-uri'] ?? said.blockedURL),
        directive: short(said['effective-directive'] ?? said.effectiveDirective),
        source: withoutQuery(said['source-file'] ?? said.sourceFile),
        line: Number(said['line-number'] ?? said.lineNumber) || undefined,
      }
    })
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** A query or a fragment may hold what is not for the log. */
function withoutQuery(value: unknown): string | undefined {
  return short(value)?.split(/[?#]/, 1)[0]
}

function short(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, longestValue) : undefined
}
