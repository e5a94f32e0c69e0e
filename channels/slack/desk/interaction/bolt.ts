/** Uses Bolt as a dispatcher only: bodies are verified and stored before it sees them, so its receiver does nothing. */
import type { App, Receiver } from "@slack/bolt";
import type { StoredInbound } from "../../../../src/adapter/inbound.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import type { SlackConfig } from "../../config.ts";
import { quiet } from "../../outbound/quiet.ts";

export interface Bolt {
  app: App;
  /**
   * Dispatches a body to the listeners. `answered` settles with the answer to Slack (undefined: none), `done` when all
   * listeners have finished; neither rejects.
   */
  process(
    body: Record<string, unknown>,
    stored: readonly StoredInbound[],
  ): { answered: Promise<unknown>; done: Promise<void> };
}

/** Key in the listeners' context of the results of storing the body. */
export const STORED = "stored";

/** Opens no connection. Importing Bolt takes about 0.3 s. */
export async function openBolt(config: SlackConfig, log: Logger): Promise<Bolt> {
  const { App } = await import("@slack/bolt");
  const app = new App({
    receiver: NO_RECEIVER,
    // One workspace, so there is one token.
    authorize: () => Promise.resolve({ botToken: config.bot_token }),
    convoStore: false,
    // `parse` ignores our own messages.
    ignoreSelf: false,
    logger: quiet,
  });
  app.error((error) => {
    log.error({ err: error }, "desk interaction failed");
    return Promise.resolve();
  });
  return {
    app,
    process(body, stored) {
      const { answered, ack } = acknowledgement();
      const done = app.processEvent({ body, ack, customProperties: { [STORED]: stored } }).catch((error: unknown) => {
        log.error({ err: error }, "desk interaction failed");
      });
      return { answered, done };
    },
  };
}

/** Returns an `ack` for Bolt, and a promise of the first answer given to it. */
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
