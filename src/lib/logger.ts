import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { logFields, logText } from "./log-fields.ts";

/** Object first, constant message in the past tense, no customer's text: `log.info({ conversation, ms }, "turn settled")`. */
export type Logger = PinoLogger;

/** Creates a pino logger of JSON lines, bounded and without numbers, addresses, passwords and tokens (log-fields.ts). */
export function createLogger({ level = "info", stream }: { level?: string; stream?: DestinationStream } = {}): Logger {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: logFields },
      // `logFields` handles errors.
      serializers: { err: (value: unknown) => value },
      hooks: {
        logMethod(given, method) {
          const clean = given.map((one: unknown) => (typeof one === "string" ? logText(one) : one));
          method.apply(this, clean as Parameters<typeof method>);
        },
      },
    },
    stream ?? pino.destination(2),
  );
  // pino's child() does not run the formatter on its bindings; children of children inherit this.
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { child } = logger;
  logger.child = function (this: Logger, bindings, options) {
    return child.call(this, logFields(bindings), options);
  } as Logger["child"];
  return logger;
}
