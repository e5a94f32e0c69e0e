/** The playground adapter as a subject of the conformance suite. */
import type { PlaygroundConfig } from "../../channels/playground/config.ts";
import type { PlaygroundBody } from "../../channels/playground/encode.ts";
import { playground } from "../../channels/playground/index.ts";
import { SIGNATURE_TOLERANCE_MS } from "../../channels/playground/limits.ts";
import { sign } from "../../channels/playground/verify.ts";
import type { RawRequest } from "../../src/adapter/inbound.ts";
import type { ChannelSubject } from "../conformance/subject.ts";

export const SECRET = "a secret of the playground";

const bytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const customer = { thread: "web-1", from: "web-1" };

export function playgroundSubject(look: "buttons" | "sms"): ChannelSubject<PlaygroundConfig, PlaygroundBody> {
  return {
    adapter: playground,
    config: { adapter: "playground", secret: SECRET, look },
    message: (text) => bytes({ type: "message", id: "m-1", ...customer, text }),
    contentType: "application/json",
    samples: new URL("../../channels/playground/samples/", import.meta.url),
    webhook: {
      request: playgroundRequest,
      foreignConfig: { secret: "the secret of another", look },
      signedTime: { toleranceMs: SIGNATURE_TOLERANCE_MS },
    },
    click:
      look === "sms"
        ? { doesNotApply: "this look shows options as text" }
        : ({ promptId, options = [] }, { n }) => {
            const shown = options.find((option) => option.n === n);
            return bytes({ type: "choice", id: "c-1", ...customer, promptId, optionId: shown?.id, text: shown?.label });
          },
    sending: { doesNotApply: "the page reads what was sent from our own store" },
  };
}

export function playgroundRequest(body: Uint8Array, at: Date): RawRequest {
  const contentType = "application/json";
  const url = "http://localhost:3000/channels/playground";
  return { method: "POST", url, headers: sign(body, SECRET, at), contentType, body, receivedAt: at };
}
