import type { Flight } from "../../../../src/adapter/flight.ts";
import { channelAndTs } from "../../ids.ts";
import { MAX_UPDATE_TEXT_CHARACTERS } from "../../limits.ts";
import { cutEscaped, escape } from "../../outbound/escape.ts";
import { type MessageBody, type PostClient, post as postBody, update as updateBody } from "../../outbound/post.ts";
import { type DeskMessage, wellFormed } from "../view/blocks.ts";

/** Connection of the desk to Slack. */
export interface DeskClient extends PostClient {
  /** Origin of the Web API ("https://slack.com"). */
  origin: string;
}

/** A Slack channel, or with `ts` a thread in it. */
export interface Spot {
  channel: string;
  ts: string | null;
}

export interface Posting extends Flight {
  key: string;
  /** Number of posts that share the key. */
  of?: number;
}

/** Posts within the channel's rate limit; returns the post's ts. Throws SendError. */
export async function postShown(
  client: DeskClient,
  at: Spot,
  { shown, ...o }: Posting & { shown: DeskMessage & { username?: string } },
): Promise<string> {
  const id = await postBody(client, bodyOf(shown), { ...at, ...o, username: shown.username });
  return channelAndTs(id).ts ?? "";
}

/** Replaces the content of a post. Throws SendError. */
export function updateShown(
  client: DeskClient,
  at: { channel: string; ts: string },
  { shown, key, signal, leaving }: Flight & { shown: DeskMessage; key?: string },
): Promise<void> {
  return updateBody(client, bodyOf(shown), { ...at, key, signal, leaving });
}

/** Escapes the text and cuts it to the limit of an update; the blocks have all of it. */
function bodyOf({ text, blocks }: DeskMessage): MessageBody {
  const escaped = escape(wellFormed(text.trim()));
  const short = escaped.length <= MAX_UPDATE_TEXT_CHARACTERS;
  return {
    kind: "message",
    text: short ? escaped : `${cutEscaped(escaped, MAX_UPDATE_TEXT_CHARACTERS - 1)}…`,
    blocks,
  };
}
