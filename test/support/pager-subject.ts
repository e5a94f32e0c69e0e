/** The example adapter of `channels/README.md` as a subject of the conformance suite. */
import { createHmac } from "node:crypto";
import { threadId } from "../../src/domain/ids.ts";
import type { ChannelSubject } from "../conformance/subject.ts";
import { pager } from "./pager.ts";

const SECRET = "a secret of the pager";
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export const pagerSubject: ChannelSubject = {
  adapter: pager,
  config: { adapter: "pager", secret: SECRET, api_url: "http://127.0.0.1:1" },
  message: (text) => bytes({ id: "1", from: "17", text }),
  contentType: "application/json",
  samples: new URL("./pager-samples/", import.meta.url),
  webhook: {
    request(body, at) {
      const headers = { "x-pager-signature": createHmac("sha256", SECRET).update(body).digest("hex") };
      const url = "https://desk.example/channels/pager";
      return { method: "POST", url, headers, contentType: "application/json", body, receivedAt: at };
    },
    foreignConfig: { secret: "the secret of another", api_url: "http://127.0.0.1:1" },
    signedTime: { doesNotApply: "the pager signs no time" },
  },
  click: { doesNotApply: "a pager has no buttons" },
  sending: {
    config: (apiUrl) => ({ secret: SECRET, api_url: apiUrl }),
    thread: threadId("17"),
    accepted: { status: 202, body: '{"id":"page-1"}', remoteId: "page-1" },
  },
};
