import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

/** Structured logs: one line per event, to standard output unless told otherwise. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, timestamp: stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination ?? pino.destination(1),
  )
}

/**
 * What is noted of an error. Databases tell the values that a statement failed with, in the
 * message of the query and in members of the error: none of them is taken over (ASVS 16.2.5).
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, cause } = error
  return {
    type: name,
    message: messageOf(error),
    ...('code' in error && { code: error.code }),
    // The frames alone: the message stands above them.
    stack: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .join('\n'),
    ...(cause !== undefined && { cause: describeError(cause) }),
  }
}

/** The message without the values of a statement. */
export function messageOf(error: Error): string {
  return 'query' in error && 'params' in error ? `failed query: ${error.query}` : error.message
}
