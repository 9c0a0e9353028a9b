import t from 'tap'
import { createLogger } from '../src/logger.ts'

/** As the query builder and the driver of PostgreSQL make them. */
function failedStatement() {
  const cause = Object.assign(new Error('null value in column "email"'), {
    code: '23502',
    detail: 'Failing row contains (alice, a secret).',
  })
  const query = 'insert into "users" values ($1)'
  const message = `Failed query: ${query}\nparams: a secret`
  return Object.assign(new Error(message, { cause }), { query, params: ['a secret'] })
}

t.test(
  'ASVS 16.2.2, 16.2.5, 16.3.4: an error is logged without the values of its statement',
  async (t) => {
    const lines: string[] = []
    const logger = createLogger('info', { write: (line: string) => void lines.push(line) })
    logger.error({ err: failedStatement() }, 'refused')
    t.notMatch(lines[0], 'a secret')
    const { err, time } = JSON.parse(lines[0] ?? '')
    t.match(time, /^\d{4}-\d{2}-\d{2}T.*Z$/)
    t.match(err.message, 'null value in column "email"')
    t.match(err.stack, /^ +at .*logger\.test\.ts/m)
    t.equal(err.code, '23502')
  },
)
