/** Reads bodies with the Slack adapter, as it is configured for its samples. */
import { expect } from "vitest";
import { slack } from "../../channels/slack/index.ts";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { directMessage, enveloped, json, SETTINGS } from "./slack-subject.ts";

const RECEIVED = new Date("2026-06-01T10:00:00Z");

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `settings`: of the channel, in place of the usual ones. */
export function read(body: Uint8Array, settings: object = {}): Inbound[] {
  const config = slack.config.parse({ ...SETTINGS, ...settings });
  return slack.parse({ body, contentType: "", receivedAt: RECEIVED }, config);
}

/** The one item that comes of a body. */
export function one(body: Uint8Array, settings: object = {}): Inbound {
  const [first, ...others] = read(body, settings);
  expect(others).toEqual([]);
  return first ?? expect.unreachable();
}

/** `more`: of the envelope. */
export const event = (fields: object, more: object = {}, settings: object = {}): Inbound =>
  one(json(enveloped(fields, more)), settings);

/** A customer's message to the bot, and in a channel. */
export const said = (fields: object = {}): object => ({ ...directMessage("hi"), ...fields });
export const inChannel = (fields: object = {}): object =>
  said({ channel: "C0GENERAL1", channel_type: "channel", ...fields });
