/** Bolt as a dispatcher alone: bodies are verified and stored before it sees them, so its receiver receives nothing. */
import type { App, Receiver } from "@slack/bolt";
import type { StoredInbound } from "../../../../src/adapter/inbound.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import type { SlackConfig } from "../../config.ts";
import { quiet } from "../../outbound/quiet.ts";

export interface Bolt {
  app: App;
  /**
   * Hands a body to the listeners. `answered` settles with what Slack is to get (undefined: nothing), `done` when all
   * listeners are; neither rejects.
   */
  process(
    body: Record<string, unknown>,
    stored: readonly StoredInbound[],
  ): { answered: Promise<unknown>; done: Promise<void> };
}

/** Under what name listeners find in their context what became of the body when it was stored. */
export const STORED = "stored";

/** Opens no connection. Importing Bolt takes about 0.3 s. */
export async function openBolt(config: SlackConfig, log: Logger): Promise<Bolt> {
  const { App } = await import("@slack/bolt");
  const app = new App({
    receiver: NO_RECEIVER,
    // One workspace: nothing has to be looked up to know whose token it is.
    authorize: () => Promise.resolve({ botToken: config.bot_token }),
    convoStore: false,
    // Own echoes are sorted out when a body is parsed.
    ignoreSelf: false,
    logger: quiet,
  });
  app.error((error) => {
    log.error({ err: error }, "something at the desk could not be answered");
    return Promise.resolve();
  });
  return {
    app,
    process(body, stored) {
      const { answered, ack } = acknowledgement();
      const done = app.processEvent({ body, ack, customProperties: { [STORED]: stored } }).catch((error: unknown) => {
        log.error({ err: error }, "something at the desk could not be answered");
      });
      return { answered, done };
    },
  };
}

/** What is acknowledged first, as a promise. */
function acknowledgement(): { answered: Promise<unknown>; ack: (answer?: unknown) => Promise<void> } {
  let resolve: (answer: unknown) => void;
  const answered = new Promise<unknown>((settle) => {
    resolve = settle;
  });
  return { answered, ack: (answer) => Promise.resolve(resolve(answer)) };
}

const NO_RECEIVER: Receiver = {
  init: () => {},
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};
