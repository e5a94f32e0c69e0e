import { carrierWord } from "../../src/adapter/carrier-words.ts";
import type { Inbound, RawInbound } from "../../src/adapter/inbound.ts";
import { address, threadId } from "../../src/domain/ids.ts";
import { Body } from "./body.ts";
import type { PlaygroundConfig } from "./config.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

/** What the page posted; always one item, for each post says one thing. */
export function parse(raw: RawInbound, { look }: PlaygroundConfig): Inbound[] {
  if (raw.body.byteLength > MAX_BODY_BYTES) return [ignored("too_large")];
  const json = jsonOf(raw.body);
  if (json === undefined) return [ignored("not_json")];
  const body = Body.safeParse(json);
  return [body.success ? inboundOf(body.data, look) : ignored("not_a_playground_body")];
}

/** What people call our side of the dialogue. */
const OURS = "the playground";

function inboundOf(body: Body, look: PlaygroundConfig["look"]): Inbound {
  const common = { dedupeKeys: [`pg:${body.id}`], externalId: body.id, thread: threadId(body.thread) };
  const who = body.name === undefined || body.name === "" ? {} : { displayName: body.name };
  switch (body.type) {
    case "message": {
      const sentAt = body.sentAt === undefined ? {} : { sentAt: new Date(body.sentAt) };
      // Whoever opens the page says who they are: asserted, never verified.
      const from = { from: address(body.from), ...who, ...profileOf(body), trust: "asserted" } as const;
      const said = { ...common, ...from, ...sentAt, text: body.text, attachments: [] };
      // There is no carrier, so this look does what one would.
      const word = look === "sms" ? carrierWord(body.text) : null;
      return word === null ? { kind: "message", ...said } : { kind: word, ...said, ours: OURS };
    }
    case "choice": {
      const { promptId, optionId, text } = body;
      return {
        kind: "choice",
        ...common,
        from: address(body.from),
        ...who,
        ...profileOf(body),
        trust: "asserted",
        promptId,
        optionId,
        text,
      };
    }
    case "action": {
      const { conversation, command } = body;
      // Our own server signed it, and lets only its desk page ask for that.
      return {
        kind: "action",
        ...common,
        from: address(body.operator),
        ...who,
        trust: "verified",
        conversation,
        command,
      };
    }
  }
}

const profileOf = ({ phone }: { phone?: string | undefined }) => (phone === undefined ? {} : { profile: { phone } });

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const ignored = (reason: string): Inbound => ({ kind: "ignored", dedupeKeys: [], externalId: "", reason });
