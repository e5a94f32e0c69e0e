import type { Deps, InboundConnection } from "../../../src/adapter/adapter.ts";
import type { SlackConfig } from "../config.ts";
import { openWebClient } from "../outbound/web-client.ts";
import { profiles } from "./profile.ts";
import { listenBySocket } from "./socket.ts";

/** Opens profile lookup, and with an app-level token a Socket Mode connection, because then Slack calls no webhook. */
export async function listen(config: SlackConfig, { log }: Deps): Promise<InboundConnection> {
  const profile = profiles(await openWebClient(config));
  const token = config.app_token;
  if (token === undefined) return { profile, close: async () => {} };
  const closing = new AbortController();
  const listening = new Set<Promise<void>>();
  return {
    profile,
    receive(take) {
      const done = listenBySocket({ token, config, log, take, closing: closing.signal });
      listening.add(done);
      return done;
    },
    async close() {
      closing.abort();
      await Promise.allSettled(listening);
    },
  };
}
