import { channelAndTs } from "../../ids.ts";
import { MAX_UPDATE_TEXT_CHARACTERS } from "../../limits.ts";
import { cutEscaped, escape } from "../../outbound/escape.ts";
import { type Line, type MessageBody, post as postBody, update as updateBody } from "../../outbound/post.ts";
import { type Shown, wellFormed } from "../view/blocks.ts";

/** What the desk talks to Slack with. */
export interface DeskClient extends Line {
  /** Where the Web API is ("https://slack.com"). */
  origin: string;
}

/** A Slack channel, or a thread in it. */
export interface Spot {
  channel: string;
  ts: string | null;
}

export interface Posting {
  key: string;
  /** Of how many posts under one key this is one. */
  of?: number;
  signal: AbortSignal;
}

/** Posts at this channel's pace; answers with the post's ts. Throws SendError. */
export async function post(
  client: DeskClient,
  at: Spot,
  { shown, ...o }: Posting & { shown: Shown & { username?: string } },
): Promise<string> {
  const id = await postBody(client, bodyOf(shown), { ...at, ...o, username: shown.username });
  return channelAndTs(id).ts ?? "";
}

/** Puts this in a post's place. Throws SendError. */
export function update(
  client: DeskClient,
  at: { channel: string; ts: string },
  { shown, key, signal }: { shown: Shown; key?: string; signal: AbortSignal },
): Promise<void> {
  return updateBody(client, bodyOf(shown), { ...at, key, signal });
}

/** Its text is escaped, and short enough for an update: the blocks say it whole. */
function bodyOf({ text, blocks }: Shown): MessageBody {
  const escaped = escape(wellFormed(text.trim()));
  const short = escaped.length <= MAX_UPDATE_TEXT_CHARACTERS;
  return {
    kind: "message",
    text: short ? escaped : `${cutEscaped(escaped, MAX_UPDATE_TEXT_CHARACTERS - 1)}…`,
    blocks,
  };
}
