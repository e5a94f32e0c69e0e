/** The platform in a separate process, so that its CPU is not counted. */
import { answerCalls } from "../calls.ts";
import { type Deliveries, openPlatform, type Post, type Posted } from "../platform.ts";

export type PlatformCalls = typeof calls;

const opened = openPlatform();
const calls = {
  listen: async (): Promise<{ url: string }> => ({ url: (await opened).sinkUrl }),
  post: async (o: Post): Promise<Posted> => (await opened).post(o),
  delivered: async (messages: number): Promise<Deliveries> => (await opened).delivered(messages),
};
answerCalls(calls);
