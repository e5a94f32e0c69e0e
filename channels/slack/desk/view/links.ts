import type { WebClient } from "@slack/web-api";
import { threadId } from "../../../../src/domain/ids.ts";
import { channelAndTs } from "../../ids.ts";

/**
 * Returns the URLs of threads. A permalink is the workspace's address, the channel and the ts without its point
 * (docs.slack.dev, chat.getPermalink), so one call of auth.test is enough for all. If it fails, a link opens the channel.
 */
export function threadLinks(
  callSlack: <Value>(call: (web: WebClient) => Promise<Value>) => Promise<Value>,
): (thread: string | null) => Promise<string | null> {
  let workspace: Promise<string | null> | null = null;
  const workspaceUrl = (): Promise<string | null> => {
    workspace ??= callSlack((web) => web.auth.test()).then(
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
    const url = await workspaceUrl();
    if (url === null || ts === null) return `https://slack.com/app_redirect?channel=${channel}`;
    return `${url.replace(/\/+$/, "")}/archives/${channel}/p${ts.replace(".", "")}`;
  };
}
