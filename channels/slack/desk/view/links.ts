import type { WebClient } from "@slack/web-api";
import { threadId } from "../../../../src/domain/ids.ts";
import { channelAndTs } from "../../ids.ts";

/**
 * Where threads can be opened. A permalink is the workspace's address, the channel and the ts without its point
 * (docs.slack.dev, chat.getPermalink), so one question serves for all of them. Until it is answered, a link leads to the
 * channel.
 */
export function threadLinks(
  ask: <Value>(call: (web: WebClient) => Promise<Value>) => Promise<Value>,
): (thread: string | null) => Promise<string | null> {
  let workspace: Promise<string | null> | null = null;
  const known = (): Promise<string | null> => {
    workspace ??= ask((web) => web.auth.test()).then(
      ({ url }) => url ?? null,
      () => {
        workspace = null;
        return null;
      },
    );
    return workspace;
  };
  return async (thread) => {
    if (thread === null) return null;
    const { channel, ts } = channelAndTs(threadId(thread));
    const url = await known();
    if (url === null || ts === null) return `https://slack.com/app_redirect?channel=${channel}`;
    return `${url.replace(/\/+$/, "")}/archives/${channel}/p${ts.replace(".", "")}`;
  };
}
