import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { logFields, logText } from "./log-fields.ts";

/** Object first, constant message, past tense, never a customer's words: `log.info({ conversation, ms }, "turn settled")`. */
export type Logger = PinoLogger;

/** A pino logger of JSON lines, each bounded and without numbers, addresses, passwords and tokens (log-fields.ts). */
export function createLogger({ level = "info", stream }: { level?: string; stream?: DestinationStream } = {}): Logger {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: logFields },
      // Errors are read by `logFields`.
      serializers: { err: (value: unknown) => value },
      hooks: {
        logMethod(given, method) {
          const said = given.map((one: unknown) => (typeof one === "string" ? logText(one) : one));
          method.apply(this, said as Parameters<typeof method>);
        },
      },
    },
    stream ?? pino.destination(2),
  );
  // pino formats no child's own fields (its child() leaves the formatter of bindings out); children inherit this.
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { child } = logger;
  logger.child = function (this: Logger, bindings, options) {
    return child.call(this, logFields(bindings), options);
  } as Logger["child"];
  return logger;
}
