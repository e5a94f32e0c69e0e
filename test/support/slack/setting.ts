/** For the counterpart's own tests: a workspace with one person and one channel, and a receiver. */
import type { WebClient } from "@slack/web-api";
import { type SlackCounterpart, type SlackOptions, startSlack } from "./counterpart.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { clientOf } from "./web.ts";

export interface Setting extends AsyncDisposable {
  slack: SlackCounterpart;
  server: Receiver;
  web: WebClient;
  dana: string;
  support: string;
}

/** Starts both; Slack's requests go to the receiver. */
export async function startSetting(o: SlackOptions = {}): Promise<Setting> {
  const [slack, server] = await Promise.all([startSlack(o), startReceiver()]);
  slack.deliverTo(server.url);
  const dana = slack.addUser({ name: "Dana Diaz", email: "dana@example.com", locale: "de-DE" }).id;
  const support = slack.addChannel({ name: "support", members: [dana] }).id;
  const stop = async (): Promise<void> => {
    await slack[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  return { slack, server, web: clientOf(slack), dana, support, [Symbol.asyncDispose]: stop };
}
