import { carrierWord } from "../../src/adapter/carrier-words.ts";
import type { Inbound, RawInbound } from "../../src/adapter/inbound.ts";
import { address, threadId } from "../../src/domain/ids.ts";
import { Body } from "./body.ts";
import type { PlaygroundConfig } from "./config.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

/** Parses a body of the page; always gives one item. */
export function parse(raw: RawInbound, { look }: PlaygroundConfig): Inbound[] {
  if (raw.body.byteLength > MAX_BODY_BYTES) return [ignored("too_large")];
  const json = jsonOf(raw.body);
  if (json === undefined) return [ignored("not_json")];
  const body = Body.safeParse(json);
  return [body.success ? inboundOf(body.data, look) : ignored("not_a_playground_body")];
}

/** Name of our side of the dialogue. */
const OURS = "the playground";

function inboundOf(body: Body, look: PlaygroundConfig["look"]): Inbound {
  const common = { dedupeKeys: [`pg:${body.id}`], externalId: body.id, thread: threadId(body.thread) };
  const who = body.name === undefined || body.name === "" ? {} : { displayName: body.name };
  switch (body.type) {
    case "message": {
      const sentAt = body.sentAt === undefined ? {} : { sentAt: new Date(body.sentAt) };
      // Visitors of the page choose their own name: asserted, never verified.
      const from = { from: address(body.from), ...who, ...profileOf(body), trust: "asserted" } as const;
      const fields = { ...common, ...from, ...sentAt, text: body.text, attachments: [] };
      // There is no carrier, so this look acts like one.
      const word = look === "sms" ? carrierWord(body.text) : null;
      return word === null ? { kind: "message", ...fields } : { kind: word, ...fields, ours: OURS };
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
      // Our own server signed it, and accepts actions from its desk page only.
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

type Customer = Extract<Body, { type: "message" | "choice" }>;

function profileOf({ phone, email, attributes }: Customer): Pick<Extract<Inbound, { kind: "message" }>, "profile"> {
  const profile = {
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
    ...(attributes === undefined ? {} : { attributes }),
  };
  return Object.keys(profile).length === 0 ? {} : { profile };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const ignored = (reason: string): Inbound => ({ kind: "ignored", dedupeKeys: [], externalId: "", reason });
