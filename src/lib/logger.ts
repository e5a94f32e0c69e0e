import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";

/** Object first, constant message, past tense, never a customer's words: `log.info({ conversation, ms }, "turn settled")`. */
export type Logger = PinoLogger;

/** A pino logger of JSON lines; secrets that slip into an object under their usual names are blacked out. */
export function createLogger({ level = "info", stream }: { level?: string; stream?: DestinationStream } = {}): Logger {
  const redact = ["*.auth_token", "*.authorization", "*.password", "*.token", "*.secret", "headers", "*.headers"];
  return pino({ level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream ?? pino.destination(2));
}
