/** Sample cases and entries. */
import type { CaseCard, DeskEntry } from "../../src/domain/case.ts";

export const card = (o: Partial<CaseCard> = {}): CaseCard => ({
  conversation: 12,
  queue: "support",
  status: "new",
  priority: "normal",
  customer: "Dana",
  channel: "sms",
  reason: "They asked for a person",
  summary: null,
  facts: [],
  tags: [],
  holder: null,
  mergedInto: null,
  waitingSince: null,
  openedAt: "2026-11-20T08:00:00.000Z",
  ...o,
});

export const entry = (o: Partial<DeskEntry> = {}): DeskEntry => ({
  kind: "customer",
  author: "Dana",
  text: "Where is my parcel?",
  at: "2026-11-20T08:05:00.000Z",
  message: null,
  internal: false,
  channel: "sms",
  ...o,
});

/** Texts that try to become links, mentions or markup in Slack. */
export const NASTY = [
  "Hi @here <!channel> & <https://evil.com|slack.com> *x*",
  "<@U012ABCDE> <#C012ABCDE|general> <!subteam^S1> <!everyone>",
  "https://evil.example/a?b=c [click](https://evil.example) ![i](https://evil.example/i.png)",
  "@channel #general @everyone `code` ~strike~ _it_ :smile: &lt;!here&gt;",
  "\u202eslack.com\u202c \u200b@\u200bhere \u0000 \ud83d",
];
