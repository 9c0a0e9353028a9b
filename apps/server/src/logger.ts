import { type DestinationStream, type Logger, pino } from 'pino'
import { withoutValues } from './db/errors.ts'

/** Structured logs: one line per event, to standard output unless told otherwise. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const err = (error: Error) => pino.stdSerializers.err(withoutValues(error))
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err } },
    destination ?? pino.destination(1),
  )
}
