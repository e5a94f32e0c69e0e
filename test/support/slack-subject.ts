/** The Slack adapter as a subject of the conformance suite. */
import { createHmac } from "node:crypto";
import type { SlackConfig } from "../../channels/slack/config.ts";
import { threadOf } from "../../channels/slack/ids.ts";
import { SIGNATURE_TOLERANCE_MS } from "../../channels/slack/inbound/verify.ts";
import { slack } from "../../channels/slack/index.ts";
import type { SlackBody } from "../../channels/slack/outbound/body.ts";
import type { RawRequest } from "../../src/adapter/inbound.ts";
import type { NumberedOption } from "../../src/domain/option.ts";
import type { ChannelSubject } from "../conformance/subject.ts";

/** The secret of the example in Slack's documentation. */
export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
export const TEAM = "T0FRONT001";
export const APP = "A0DESK0001";
export const BOT = "U0DESKBOT1";

/** The channel's entry with which the samples are parsed. */
export const SETTINGS = {
  bot_token: "xoxb-1-a",
  signing_secret: SIGNING_SECRET,
  support_channels: ["C0SUPPORT1"],
  allow_bots: ["B0SHOP0001"],
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const json = (value: object): Uint8Array => utf8(JSON.stringify(value));
export const form = (payload: object): Uint8Array =>
  utf8(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Wraps an event as the Events API posts it. */
export const envelopeOf = (event: object, more: object = {}): object => ({
  type: "event_callback",
  team_id: TEAM,
  api_app_id: APP,
  event_id: "Ev1",
  event_time: 1_780_308_000,
  authorizations: [{ enterprise_id: null, team_id: TEAM, user_id: BOT, is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: false,
  event,
  ...more,
});

/** Returns a customer's direct message. */
export const directMessage = (text: string): object => ({
  type: "message",
  user: "U0KIM00001",
  team: TEAM,
  channel: "D0KIM00001",
  channel_type: "im",
  ts: "1780308000.000100",
  text: escaped(text),
});

/** Returns a request signed by Slack at `at`. */
export function slackRequest(body: Uint8Array, at: Date, secret = SIGNING_SECRET): RawRequest {
  const time = String(Math.floor(at.getTime() / 1_000));
  const signature = `v0=${createHmac("sha256", secret).update(`v0:${time}:`).update(body).digest("hex")}`;
  const headers = { "x-slack-request-timestamp": time, "x-slack-signature": signature };
  const url = "https://desk.example/channels/slack";
  return { method: "POST", url, headers, contentType: "application/json", body, receivedAt: at };
}

type Pressable = { action_id?: string; value?: string; options?: { value?: string }[] };

/** Returns the body that Slack posts when somebody presses this option. */
function pressBody(body: SlackBody, { id }: NumberedOption): Uint8Array {
  if (body.kind !== "message") throw new Error("A file has no buttons");
  const elements = body.blocks.flatMap((block) => ("elements" in block ? (block.elements as Pressable[]) : []));
  const pressable = elements.find((one) => one.value === id || one.options?.some(({ value }) => value === id));
  if (pressable === undefined) throw new Error(`The message has no button for ${id}`);
  const option = pressable.options?.find(({ value }) => value === id);
  const action = { ...pressable, ...(option === undefined ? {} : { selected_option: option }) };
  const { options: _, ...said } = action;
  return form({
    type: "block_actions",
    api_app_id: APP,
    team: { id: TEAM, domain: "front" },
    user: { id: "U0KIM00001", name: "kim", team_id: TEAM },
    channel: { id: "D0KIM00001", name: "directmessage" },
    message: { type: "message", user: BOT, ts: "1780308001.000100", text: body.text },
    actions: [{ ...said, action_ts: "1780308002.000100" }],
  });
}

const POSTED = "1780308003.000100";

export const slackSubject: ChannelSubject<SlackConfig, SlackBody> = {
  adapter: slack,
  config: SETTINGS,
  message: (text) => json(envelopeOf(directMessage(text))),
  contentType: "application/json",
  samples: new URL("../../channels/slack/samples/", import.meta.url),
  webhook: {
    request: slackRequest,
    foreignConfig: { ...SETTINGS, signing_secret: "the secret of another app" },
    signedTime: { toleranceMs: SIGNATURE_TOLERANCE_MS },
  },
  click: pressBody,
  sending: {
    config: (apiUrl) => ({ ...SETTINGS, api_url: apiUrl }),
    thread: threadOf("D0KIM00001", null),
    accepted: {
      status: 200,
      body: JSON.stringify({ ok: true, channel: "D0KIM00001", ts: POSTED, message: { ts: POSTED, text: "" } }),
      remoteId: `D0KIM00001:${POSTED}`,
    },
    refused: { status: 200, body: JSON.stringify({ ok: false, error: "is_archived" }) },
    busy: { status: 429, body: JSON.stringify({ ok: false, error: "ratelimited" }) },
    broken: { status: 500, body: "" },
  },
};
