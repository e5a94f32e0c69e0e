/** Parses bodies with the Slack adapter, configured as for its samples. */
import { expect } from "vitest";
import { slack } from "../../channels/slack/index.ts";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { directMessage, envelopeOf, json, SETTINGS } from "./slack-subject.ts";

const RECEIVED = new Date("2026-06-01T10:00:00Z");

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Parses a body. `settings` override the channel's usual ones. */
export function read(body: Uint8Array, settings: object = {}): Inbound[] {
  const config = slack.config.parse({ ...SETTINGS, ...settings });
  return slack.parse({ body, contentType: "", receivedAt: RECEIVED }, config);
}

/** Parses a body that gives one item. */
export function one(body: Uint8Array, settings: object = {}): Inbound {
  const [first, ...others] = read(body, settings);
  expect(others).toEqual([]);
  return first ?? expect.unreachable();
}

/** Parses an event. `more`: fields of the envelope. */
export const event = (fields: object, more: object = {}, settings: object = {}): Inbound =>
  one(json(envelopeOf(fields, more)), settings);

/** Events: a customer's message to the bot, and one in a channel. */
export const toBot = (fields: object = {}): object => ({ ...directMessage("hi"), ...fields });
export const inChannel = (fields: object = {}): object =>
  toBot({ channel: "C0GENERAL1", channel_type: "channel", ...fields });
