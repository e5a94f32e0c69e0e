/** Slack's signature, and our answers (SL7). */
import { describe, expect, it } from "vitest";
import { slack } from "../../../../channels/slack/index.ts";
import type { RawRequest } from "../../../../src/adapter/inbound.ts";
import { utf8 } from "../../../support/slack-read.ts";
import {
  directMessage,
  envelopeOf,
  json,
  SETTINGS,
  SIGNING_SECRET,
  slackRequest,
} from "../../../support/slack-subject.ts";

const NOW = new Date("2026-06-01T10:00:00Z");
const config = slack.config.parse(SETTINGS);
const webhook = slack.webhook ?? expect.unreachable();
const signedAt = (offMs: number, body = utf8('{"a":1}')) => slackRequest(body, new Date(NOW.getTime() + offMs));
const verdict = (request: RawRequest, by = config, now = NOW) => webhook.verify(request, by, now);

describe("signature", () => {
  it("accepts the example of Slack's documentation", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&" +
      "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&" +
      "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
      "trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const headers = {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    const request = { ...signedAt(0, utf8(body)), headers };
    const then = new Date(1_531_420_618_000);
    expect(verdict(request, config, then)).toEqual({ ok: true });
    const spaced = { ...request, body: utf8(body.replace("text=", "text=+")) };
    expect(verdict(spaced, config, then)).toMatchObject({ ok: false, status: 401 });
  });

  it.each([
    ["301 s old", signedAt(-301_000)],
    ["301 s in the future", signedAt(301_000)],
    ["for another body", { ...signedAt(0), body: utf8('{ "a": 1 }') }],
    [
      "with a time that is none",
      { ...signedAt(0), headers: { ...signedAt(0).headers, "x-slack-request-timestamp": "now" } },
    ],
    ["without a signature", { ...signedAt(0), headers: { "x-slack-request-timestamp": "1780308000" } }],
  ])("refuses a request signed %s (SL7)", (_name, request) => {
    expect(verdict(request)).toMatchObject({ ok: false, status: 401 });
  });

  it.each([-300_000, 300_000])("accepts a signature %i ms off (SL7)", (offMs) => {
    expect(verdict(signedAt(offMs))).toEqual({ ok: true });
  });

  it("accepts both secrets during a rotation, and only then", () => {
    const rotating = slack.config.parse({ ...SETTINGS, signing_secret: ["new", SIGNING_SECRET] });
    const rotated = slack.config.parse({ ...SETTINGS, signing_secret: "new" });
    const byNew = slackRequest(utf8("{}"), NOW, "new");
    expect([verdict(signedAt(0), rotating), verdict(byNew, rotating)]).toEqual([{ ok: true }, { ok: true }]);
    expect(verdict(byNew, rotated)).toEqual({ ok: true });
    expect(verdict(signedAt(0), rotated)).toMatchObject({ ok: false, status: 401 });
  });

  it("refuses webhooks in Socket Mode, and names the setting", () => {
    const { signing_secret: _, ...others } = SETTINGS;
    const socket = slack.config.parse({ ...others, app_token: "xapp-1-a" });
    const refused = verdict(slackRequest(utf8("{}"), NOW, ""), socket);
    expect(refused).toMatchObject({
      ok: false,
      status: 401,
      reason: expect.stringMatching(/Socket Mode.*signing_secret/),
    });
  });

  it("refuses more than 1 MB before anything else", () => {
    const request = signedAt(0, new Uint8Array(1024 * 1024 + 1));
    expect(verdict({ ...request, headers: {} })).toMatchObject({ ok: false, status: 413 });
    expect(verdict(signedAt(0, new Uint8Array(1024 * 1024)))).toEqual({ ok: true });
  });
});

describe("respond", () => {
  it("echoes the challenge, and otherwise sends nothing", () => {
    const asked = slackRequest(json({ type: "url_verification", challenge: "c-1" }), NOW);
    expect(webhook.respond({ ok: true }, [], asked)).toEqual({
      status: 200,
      contentType: "application/json",
      body: '{"challenge":"c-1"}',
    });
    const other = slackRequest(json(envelopeOf(directMessage("challenge"))), NOW);
    expect(webhook.respond({ ok: true }, [{ outcome: "stored" }], other)).toMatchObject({ status: 200, body: "" });
  });

  it("refuses with the reason, and never a challenge", () => {
    const forged = slackRequest(json({ type: "url_verification", challenge: "c-1" }), NOW);
    const refused = webhook.respond({ ok: false, status: 401, reason: "no" }, [], forged);
    expect(refused).toEqual({ status: 401, contentType: "text/plain", body: "no" });
  });
});
