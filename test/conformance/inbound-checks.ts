/** Checks of an adapter's inbound side. */
import * as fc from "fast-check";
import { expect } from "vitest";
import type { Capabilities } from "../../src/adapter/capabilities.ts";
import type { Inbound, RawRequest, Verdict } from "../../src/adapter/inbound.ts";
import { asJson, parsed, samplesOf } from "./samples.ts";
import { applied, type ChannelSubject, type Check, reasonOf } from "./subject.ts";

const NOW = new Date("2026-06-01T12:00:00Z");
/** A signed time this far beyond the tolerance is refused: platforms sign whole seconds. */
const MARGIN_MS = 2_000;

const withoutWebhook = (subject: ChannelSubject) => reasonOf(subject.webhook);

function verdictOf(subject: ChannelSubject, request: RawRequest, config: unknown = subject.config): Verdict {
  return webhookOf(subject).verify(request, subject.adapter.config.parse(config), NOW);
}

/** Slack's limit, the largest that a supported platform needs. */
const MEGABYTE = 1_048_576;

const webhookOf = ({ adapter }: ChannelSubject) =>
  adapter.webhook ?? expect.unreachable(`${adapter.name} has no webhook: say why in webhook`);

const genuine = (subject: ChannelSubject, at = NOW): RawRequest =>
  applied(subject.webhook).request(subject.message("What does it cost?"), at);

export const INBOUND_CHECKS: readonly Check[] = [
  {
    name: "verify accepts what the platform signed",
    waived: withoutWebhook,
    run(subject) {
      expect(verdictOf(subject, genuine(subject))).toEqual({ ok: true });
    },
  },
  {
    name: "verify rejects every one-byte change of the body",
    waived: withoutWebhook,
    run(subject) {
      const request = genuine(subject);
      for (let at = 0; at < request.body.byteLength; at++) {
        const body = Uint8Array.from(request.body);
        body[at] = (body[at] ?? 0) ^ 1;
        expect(verdictOf(subject, { ...request, body }), `byte ${at}`).toMatchObject({ ok: false });
      }
      const shorter = request.body.subarray(0, -1);
      expect(verdictOf(subject, { ...request, body: shorter }), "one byte less").toMatchObject({ ok: false });
    },
  },
  {
    name: "verify rejects another secret",
    waived: withoutWebhook,
    run(subject) {
      const { foreignConfig } = applied(subject.webhook);
      expect(verdictOf(subject, genuine(subject), foreignConfig)).toMatchObject({ ok: false });
    },
  },
  {
    name: "verify rejects a request without its headers, with a reason",
    waived: withoutWebhook,
    run(subject) {
      const verdict = verdictOf(subject, { ...genuine(subject), headers: {} });
      expect(verdict).toMatchObject({ ok: false, reason: expect.stringMatching(/\S/) });
    },
  },
  {
    name: "every genuine request has the signature's header",
    waived: withoutWebhook,
    run(subject) {
      const { signatureHeader } = webhookOf(subject);
      expect(signatureHeader).toBe(signatureHeader.toLowerCase());
      expect(Object.keys(genuine(subject).headers)).toContain(signatureHeader);
    },
  },
  {
    name: "verify rejects a request without its signature's header",
    waived: withoutWebhook,
    run(subject) {
      const { [webhookOf(subject).signatureHeader]: _signature, ...headers } = genuine(subject).headers;
      expect(verdictOf(subject, { ...genuine(subject), headers })).toMatchObject({ ok: false });
      // Like the call for a body that was not read.
      const unread = { ...genuine(subject), headers, body: new Uint8Array() };
      expect(verdictOf(subject, unread)).toMatchObject({ ok: false });
    },
  },
  {
    name: "maxBytes is at least the largest sample, and at most a megabyte",
    waived: withoutWebhook,
    run(subject) {
      const { maxBytes } = webhookOf(subject);
      expect(maxBytes).toBeLessThanOrEqual(MEGABYTE);
      for (const { name, body } of samplesOf(subject)) expect(body.byteLength, name).toBeLessThanOrEqual(maxBytes);
    },
  },
  {
    name: "verify rejects a stale and a future time",
    waived: (subject) => withoutWebhook(subject) ?? reasonOf(applied(subject.webhook).signedTime),
    run(subject) {
      const { toleranceMs } = applied(applied(subject.webhook).signedTime);
      const signedAt = (offMs: number) => verdictOf(subject, genuine(subject, new Date(NOW.getTime() + offMs)));
      expect(signedAt(-toleranceMs - MARGIN_MS), "stale").toMatchObject({ ok: false });
      expect(signedAt(toleranceMs + MARGIN_MS), "future").toMatchObject({ ok: false });
      expect(signedAt(-toleranceMs + MARGIN_MS), "still good").toEqual({ ok: true });
    },
  },
  {
    name: "respond accepts a good request, and answers a bad one with its status",
    waived: withoutWebhook,
    run({ adapter }) {
      const respond = adapter.webhook?.respond;
      const good = respond?.({ ok: true }, [{ outcome: "stored", conversation: 1 }]);
      expect(good?.status).toBeGreaterThanOrEqual(200);
      expect(good?.status).toBeLessThan(300);
      expect(respond?.({ ok: false, status: 401, reason: "signature" }, [])).toMatchObject({ status: 401 });
    },
  },
  {
    name: "parse returns the expected items of each sample",
    run(subject) {
      const samples = samplesOf(subject);
      expect(samples.length).toBeGreaterThan(0);
      for (const { name, body, expected } of samples) expect(asJson(parsed(subject, body)), name).toEqual(expected);
    },
  },
  {
    name: "parse returns the same ids each time",
    run(subject) {
      for (const { name, body } of samplesOf(subject)) {
        const [first, again] = [parsed(subject, body), parsed(subject, Uint8Array.from(body))];
        expect(again, name).toEqual(first);
        for (const inbound of first) if (inbound.kind !== "ignored") expectKeys(inbound, name);
      }
    },
  },
  {
    name: "parse keeps a customer's text as typed",
    run(subject) {
      for (const text of ["2", " Grüezi! ", "a\nb", "👨‍👩‍👧 & <b>1 > 0</b>", "+%20=&"]) {
        expect(parsed(subject, subject.message(text))).toMatchObject([{ kind: "message", text }]);
      }
    },
  },
  {
    name: "parse is total over any bytes",
    run(subject) {
      const bodies = [subject.message("2"), ...samplesOf(subject).map((sample) => sample.body)];
      const damaged = fc
        .tuple(fc.constantFrom(...bodies), fc.nat(), fc.uint8Array({ maxLength: 8 }), fc.nat({ max: 8 }))
        .map(([body, at, put, gone]) => {
          const where = at % (body.byteLength + 1);
          return Uint8Array.from([...body.subarray(0, where), ...put, ...body.subarray(where + gone)]);
        });
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), damaged, oddTexts(subject)), (body) => {
          for (const inbound of parsed(subject, body)) expectWellFormed(inbound);
        }),
        { numRuns: 250 },
      );
    },
  },
  {
    name: "every native ability has a sample",
    run(subject) {
      const { adapter, config } = subject;
      const can = adapter.capabilities(adapter.config.parse(config));
      const seen = samplesOf(subject).flatMap(({ body }) => parsed(subject, body));
      for (const [ability, proves] of Object.entries(PROOFS)) {
        if (!isNative(can, ability)) continue;
        expect(seen.filter(proves).length, `samples that prove "${ability}: native"`).toBeGreaterThan(0);
      }
    },
  },
];

const PROOFS: Record<string, (inbound: Inbound) => boolean> = {
  options: (inbound) => inbound.kind === "choice",
  receipts: (inbound) => inbound.kind === "receipt",
  attachments: (inbound) => inbound.kind === "message" && inbound.attachments.length > 0,
};

function isNative(can: Capabilities, ability: string): boolean {
  switch (ability) {
    case "options":
      return can.options.support === "native";
    case "receipts":
      return can.receipts === "native";
    default:
      return can.attachments.support === "native";
  }
}

/** Generates customers' texts with NUL, lone surrogates and the like. */
function oddTexts(subject: ChannelSubject): fc.Arbitrary<Uint8Array> {
  const odd = fc.string({
    unit: fc.oneof(fc.string({ unit: "binary", maxLength: 1 }), fc.constantFrom("\0", "\ud800", "\udc00")),
  });
  return odd.map((text) => subject.message(text));
}

function expectKeys(inbound: Inbound, name: string): void {
  expect(inbound.dedupeKeys.length, `dedupe keys of ${name}`).toBeGreaterThan(0);
  expect(inbound.externalId, `external id in ${name}`).not.toBe("");
}

function expectWellFormed(inbound: Inbound): void {
  switch (inbound.kind) {
    case "ignored":
      expect(inbound.reason).not.toBe("");
      return;
    case "opt_out":
    case "opt_in":
    case "help":
      expect(inbound.ours).not.toBe("");
      expect(inbound.thread).not.toBe("");
      expect(inbound.from).not.toBe("");
      expectKeys(inbound, inbound.kind);
      return;
    case "message":
    case "choice":
    case "action":
      expect(inbound.thread).not.toBe("");
      expect(inbound.from).not.toBe("");
      expectKeys(inbound, inbound.kind);
      return;
    case "edit":
    case "delete":
      expect(inbound.thread).not.toBe("");
      expect(inbound.target).not.toBe("");
      expectKeys(inbound, inbound.kind);
      return;
    case "moved":
      expect(inbound.to).not.toBe(inbound.from);
      expectKeys(inbound, inbound.kind);
      return;
    case "receipt":
      expect(inbound.message).not.toBe("");
      expectKeys(inbound, inbound.kind);
  }
}
