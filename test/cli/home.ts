import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export const SETTINGS = `channels:
  chat: { adapter: playground, secret: "env:PLAYGROUND_SECRET" }
desk: { adapter: playground, channel: chat }
default_queue: front-line
queues:
  front-line: { title: Front line, members: channel }
`;

export const GREETING = `id: greeting
title: Greet
status: live
on: [conversation.opened]
steps:
  - say: { en: Hello }
`;

/** Makes a content folder for one test; texts by path. */
export function contentFolder(files: Readonly<Record<string, string>>): string {
  const home = mkdtempSync(join(tmpdir(), "frontdesk-home-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return home;
}
