import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import { address, threadId } from "../../src/domain/ids.ts";
import { connect } from "./pager-connect.ts";

const Config = z.strictObject({ adapter: z.literal("pager").optional(), secret: z.string().min(16), api_url: z.url() });
const Page = z.object({ id: z.string().min(1), from: z.string().min(1), text: z.string() });
const hmac = (body: Uint8Array, secret: string) => createHmac("sha256", secret).update(body).digest();

export const pager: ChannelAdapter<z.infer<typeof Config>, { text: string }> = {
  name: "pager",
  config: Config,
  capabilities: () => ({
    text: { max: 500, unit: "characters" },
    options: { support: "fallback", max: 9, maxLabel: 24 },
    reservedWords: [],
    attachments: { support: "dropped", maxBytes: 0 },
    edit: "dropped",
    hint: "dropped",
    typing: "dropped",
    reconcile: "dropped",
    receipts: "dropped",
    quietMs: 2_000,
  }),
  measure: (text) => text.length,
  webhook: {
    maxBytes: 65_536,
    signatureHeader: "x-pager-signature",
    verify({ body, headers }, { secret }) {
      const [given, right] = [Buffer.from(headers["x-pager-signature"] ?? "", "hex"), hmac(body, secret)];
      if (given.length === right.length && timingSafeEqual(given, right)) return { ok: true };
      return { ok: false, status: 401, reason: "x-pager-signature does not match the body" };
    },
    respond(verdict) {
      const [status, body] = verdict.ok ? [200, ""] : [verdict.status, verdict.reason];
      return { status, contentType: "text/plain", body };
    },
  },
  parse({ body }) {
    const page = Page.safeParse(jsonOf(body));
    if (!page.success) return [{ kind: "ignored", dedupeKeys: [], externalId: "", reason: "not a page" }];
    const { id, from, text } = page.data;
    const who = { thread: threadId(from), from: address(from), trust: "asserted" } as const;
    return [{ kind: "message", dedupeKeys: [id], externalId: id, ...who, text, attachments: [] }];
  },
  encode: ({ text }) => ({ text }),
  connect,
};

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
