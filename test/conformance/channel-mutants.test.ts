/**
 * Proves the suite: an adapter that conforms, with one thing broken, fails the checks that are named for it and no
 * others. Each mutant is a mistake that somebody has made in a real adapter.
 */
import { describe, expect, it } from "vitest";
import type { ChannelAdapter, Connection } from "../../src/adapter/adapter.ts";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { pagerSubject } from "../support/pager-subject.ts";
import { playgroundSubject } from "../support/playground-subject.ts";
import { CHANNEL_CHECKS } from "./channel.ts";
import type { ChannelSubject } from "./subject.ts";

const buttons = playgroundSubject("buttons") as unknown as ChannelSubject;
const numbers = playgroundSubject("sms") as unknown as ChannelSubject;

type Break = (adapter: ChannelAdapter) => Partial<ChannelAdapter>;

interface Mutant {
  mistake: string;
  of: ChannelSubject;
  broken: Break;
  fails: readonly string[];
}

type Webhook = NonNullable<ChannelAdapter["webhook"]>;
const webhookOf = ({ webhook }: ChannelAdapter): Webhook => webhook ?? expect.unreachable();

const verifying =
  (verify: (right: Webhook["verify"]) => Webhook["verify"]): Break =>
  (adapter) => ({ webhook: { ...webhookOf(adapter), verify: verify(webhookOf(adapter).verify) } });

const naming =
  (facts: Partial<Pick<Webhook, "maxBytes" | "signatureHeader">>): Break =>
  (adapter) => ({ webhook: { ...webhookOf(adapter), ...facts } });

const parsing =
  (change: (inbound: Inbound, body: Uint8Array) => Inbound[]): Break =>
  (adapter) => ({ parse: (raw, config) => adapter.parse(raw, config).flatMap((inbound) => change(inbound, raw.body)) });

const sending =
  (change: (right: Connection) => Partial<Connection>): Break =>
  (adapter) => ({
    async connect(config, deps) {
      const right = await adapter.connect(config, deps);
      return { ...right, ...change(right) };
    },
  });

/** What is thrown instead of the right error. */
const throwing = (wrong: (right: SendError) => unknown): Break =>
  sending((right) => ({
    async send(thread, body, o) {
      try {
        return await right.send(thread, body, o);
      } catch (error) {
        throw error instanceof SendError ? wrong(error) : error;
      }
    },
  }));

const facts = ({ outcome, retry, code }: SendError) => ({ outcome, retry, ...(code === undefined ? {} : { code }) });
const NATIVE_HAS_SAMPLE = "every ability called native has a sample";
const LACKS_SIGNATURE = "verify rejects a request that lacks only its signature's header";
const LARGEST_BODY = "the largest body that is taken holds what the platform sends, and no more than a megabyte";
let counter = 0;

const MUTANTS: readonly Mutant[] = [
  {
    mistake: "verify overlooks the last byte",
    of: buttons,
    // Signs and checks all but the last byte, as off by one.
    broken: verifying((right) => (request, config, now) => {
      const restored = Uint8Array.from(request.body);
      restored[restored.length - 1] = 0x7d;
      return right({ ...request, body: restored }, config, now);
    }),
    fails: ["verify rejects every one-byte change of the body"],
  },
  {
    mistake: "verify accepts everything",
    of: buttons,
    broken: verifying(() => () => ({ ok: true })),
    fails: [
      "verify rejects every one-byte change of the body",
      "verify rejects another secret",
      "verify rejects a request without its headers, and says why",
      LACKS_SIGNATURE,
      "verify rejects a stale and a future time",
    ],
  },
  {
    mistake: "the signature's header is named as the platform's documents write it",
    of: buttons,
    broken: naming({ signatureHeader: "X-Frontdesk-Signature" }),
    fails: ["the signature's header is one that every genuine request carries", LACKS_SIGNATURE],
  },
  {
    mistake: "the largest body is counted in kilobytes",
    of: buttons,
    broken: naming({ maxBytes: 128 }),
    fails: [LARGEST_BODY],
  },
  {
    mistake: "no body is too large",
    of: buttons,
    broken: naming({ maxBytes: Number.POSITIVE_INFINITY }),
    fails: [LARGEST_BODY],
  },
  {
    mistake: "verify refuses everything",
    of: buttons,
    broken: verifying(() => () => ({ ok: false, status: 401, reason: "no" })),
    fails: ["verify accepts what the platform signed", "verify rejects a stale and a future time"],
  },
  {
    mistake: "verify throws where a header is missing",
    of: buttons,
    broken: verifying((right) => (request, config, now) => {
      if (request.headers["x-frontdesk-signature"] === undefined) throw new TypeError("undefined is not a string");
      return right(request, config, now);
    }),
    fails: ["verify rejects a request without its headers, and says why", LACKS_SIGNATURE],
  },
  {
    mistake: "verify accepts a stale time",
    of: buttons,
    broken: verifying((right) => (request, config, now) => {
      const signedAt = new Date(Number(request.headers["x-frontdesk-timestamp"] ?? 0) * 1_000);
      return right(request, config, signedAt < now ? signedAt : now);
    }),
    fails: ["verify rejects a stale and a future time"],
  },
  {
    mistake: "verify accepts a time in the future",
    of: buttons,
    broken: verifying((right) => (request, config, now) => {
      const signedAt = new Date(Number(request.headers["x-frontdesk-timestamp"] ?? 0) * 1_000);
      return right(request, config, signedAt > now ? signedAt : now);
    }),
    fails: ["verify rejects a stale and a future time"],
  },
  {
    mistake: "respond is content with a bad request",
    of: buttons,
    broken: (adapter) => ({
      webhook: { ...webhookOf(adapter), respond: () => ({ status: 200, contentType: "text/plain", body: "" }) },
    }),
    fails: ["respond answers well to a good request, and with its status to a bad one"],
  },
  {
    mistake: "parse throws on what is no JSON",
    of: buttons,
    broken: parsing((inbound) => {
      if (inbound.kind === "ignored" && inbound.reason === "not_json") throw new SyntaxError("Unexpected token");
      return [inbound];
    }),
    fails: [
      "parse makes of each sample what stands beside it",
      "parse gives the same ids each time",
      "parse is total over any bytes",
      NATIVE_HAS_SAMPLE,
    ],
  },
  {
    mistake: "parse throws on NUL",
    of: pagerSubject,
    broken: parsing((inbound) => {
      if (inbound.kind === "message" && inbound.text.includes("\0")) throw new Error("invalid byte sequence");
      return [inbound];
    }),
    fails: ["parse is total over any bytes"],
  },
  {
    mistake: "parse ignores without a reason",
    of: pagerSubject,
    broken: parsing((inbound) => [inbound.kind === "ignored" ? { ...inbound, reason: "" } : inbound]),
    fails: ["parse is total over any bytes"],
  },
  {
    mistake: "parse makes up ids",
    of: pagerSubject,
    broken: parsing((inbound) => [{ ...inbound, dedupeKeys: [`made-up-${counter++}`] }]),
    fails: ["parse makes of each sample what stands beside it", "parse gives the same ids each time"],
  },
  {
    mistake: "parse names no key to recognise a repeated post by",
    of: pagerSubject,
    broken: parsing((inbound) => [{ ...inbound, dedupeKeys: [] }]),
    fails: [
      "parse makes of each sample what stands beside it",
      "parse gives the same ids each time",
      "parse is total over any bytes",
    ],
  },
  {
    mistake: "parse trims what customers typed",
    of: pagerSubject,
    broken: parsing((inbound) => [inbound.kind === "message" ? { ...inbound, text: inbound.text.trim() } : inbound]),
    fails: ["parse reads a customer's text as they typed it"],
  },
  {
    mistake: "parse blacks out digits, as if they were secrets",
    of: pagerSubject,
    broken: parsing((inbound) =>
      inbound.kind === "message" ? [{ ...inbound, text: inbound.text.replace(/\d/g, "#") }] : [inbound],
    ),
    fails: [
      "parse reads a customer's text as they typed it",
      "a typed number resolves to the option it was shown with",
    ],
  },
  {
    mistake: "parse reads a click as text",
    of: buttons,
    broken: parsing((inbound) => {
      if (inbound.kind !== "choice") return [inbound];
      const { promptId: _promptId, optionId: _optionId, ...rest } = inbound;
      return [{ ...rest, kind: "message", attachments: [] }];
    }),
    fails: [
      "parse makes of each sample what stands beside it",
      NATIVE_HAS_SAMPLE,
      "a click and a typed number resolve to the same option",
    ],
  },
  {
    mistake: "a click names the option by its place",
    of: buttons,
    broken: (adapter) => ({
      encode(part, config) {
        const options = part.options?.map((option, at, all) => ({ ...option, id: all[at + 1]?.id ?? "none" }));
        return adapter.encode(options === undefined ? part : { ...part, options }, config);
      },
    }),
    fails: ["a click and a typed number resolve to the same option"],
  },
  {
    mistake: "encode forgets the prompt",
    of: buttons,
    broken: (adapter) => ({ encode: ({ promptId: _promptId, ...part }, config) => adapter.encode(part, config) }),
    fails: ["a click and a typed number resolve to the same option"],
  },
  {
    mistake: "encode drops the options",
    of: buttons,
    broken: (adapter) => ({ encode: ({ options: _options, ...part }, config) => adapter.encode(part, config) }),
    fails: ["encode shows the whole text and every option", "a click and a typed number resolve to the same option"],
  },
  {
    mistake: "encode cuts the text",
    of: numbers,
    broken: (adapter) => ({ encode: (part, config) => adapter.encode({ text: part.text.slice(0, 40) }, config) }),
    fails: ["encode shows the whole text and every option"],
  },
  {
    mistake: "encode depends on what was encoded before",
    of: pagerSubject,
    broken: (adapter) => ({
      encode: (part, config) => adapter.encode({ text: `${part.text}\n(${counter++})` }, config),
    }),
    fails: ["encode is pure"],
  },
  {
    mistake: "measure counts words",
    of: pagerSubject,
    broken: () => ({ measure: (text) => text.split(/\s+/).filter(Boolean).length }),
    fails: ["measure never shrinks when a text grows, and no text is free"],
  },
  {
    mistake: "measure forgets that a longer text may be cheaper",
    of: pagerSubject,
    broken: () => ({ measure: (text) => (text.length > 40 ? Math.ceil(text.length / 2) : text.length) }),
    fails: ["measure never shrinks when a text grows, and no text is free"],
  },
  {
    mistake: "the limit has no room for a letter of three bytes",
    of: pagerSubject,
    broken: (adapter) => ({
      measure: (text) => Buffer.byteLength(text),
      capabilities: (config) => ({ ...adapter.capabilities(config), text: { max: 2, unit: "bytes" } }),
    }),
    fails: ["the fitted parts join up to the text, and keep the limit", "encode shows the whole text and every option"],
  },
  {
    mistake: "the reserved words are in capitals",
    of: numbers,
    broken: (adapter) => ({ capabilities: (config) => ({ ...adapter.capabilities(config), reservedWords: ["STOP"] }) }),
    fails: ["every reserved word is left to the carrier"],
  },
  {
    mistake: "receipts are promised but never read",
    of: pagerSubject,
    broken: (adapter) => ({ capabilities: (config) => ({ ...adapter.capabilities(config), receipts: "native" }) }),
    fails: [NATIVE_HAS_SAMPLE],
  },
  {
    mistake: "reconcile waits for an answer that never comes",
    of: numbers,
    broken: sending(() => ({ reconcile: () => new Promise(() => {}) })),
    fails: ["reconcile ends when it is called off"],
  },
  {
    mistake: "typing is promised but not there",
    of: pagerSubject,
    broken: (adapter) => ({ capabilities: (config) => ({ ...adapter.capabilities(config), typing: "native" }) }),
    fails: ["every ability called native has its method"],
  },
  {
    mistake: "send takes every answer for a yes",
    of: pagerSubject,
    broken: sending((right) => ({
      send: (thread, body, o) => right.send(thread, body, o).catch(() => "page-1" as never),
    })),
    fails: [
      "send waits as long as a 429 asks",
      "send gives up on a 4xx",
      "send does not know after a 5xx",
      "send does not know when the socket closes after the request",
      "send does not know when it is called off after the request",
      "send knows that nothing was sent where nobody listens",
      "send refuses a call that was called off before it began",
    ],
  },
  {
    mistake: "send gives its own id",
    of: pagerSubject,
    broken: sending((right) => ({
      send: async (thread, body, o) => `own-${await right.send(thread, body, o)}` as never,
    })),
    fails: ["send answers with the platform's id"],
  },
  {
    mistake: "send sends twice",
    of: pagerSubject,
    broken: sending((right) => ({
      async send(thread, body, o) {
        await right.send(thread, body, o);
        return right.send(thread, body, o);
      },
    })),
    fails: ["send answers with the platform's id"],
  },
  {
    mistake: "send does not read Retry-After",
    of: pagerSubject,
    broken: throwing((right) =>
      right.retry === "never" ? right : new SendError(right.message, { ...facts(right), retry: { afterMs: 1_000 } }),
    ),
    fails: ["send waits as long as a 429 asks"],
  },
  {
    mistake: "send tries a 4xx again",
    of: pagerSubject,
    broken: throwing((right) =>
      right.code === "http_400" ? new SendError(right.message, { ...facts(right), retry: { afterMs: 1_000 } }) : right,
    ),
    fails: ["send gives up on a 4xx"],
  },
  {
    mistake: "send believes that a 5xx sent nothing",
    of: pagerSubject,
    broken: throwing((right) =>
      right.code === "http_500" ? new SendError(right.message, { ...facts(right), outcome: "not-sent" }) : right,
    ),
    fails: ["send does not know after a 5xx"],
  },
  {
    mistake: "send believes that a lost connection sent nothing",
    of: pagerSubject,
    broken: throwing((right) =>
      right.code === undefined ? new SendError(right.message, { ...facts(right), outcome: "not-sent" }) : right,
    ),
    fails: [
      "send does not know when the socket closes after the request",
      "send does not know when it is called off after the request",
    ],
  },
  {
    mistake: "send does not listen to being called off",
    of: pagerSubject,
    broken: sending((right) => ({
      send: (thread, body, o) => right.send(thread, body, { ...o, signal: new AbortController().signal }),
    })),
    fails: [
      "send does not know when it is called off after the request",
      "send refuses a call that was called off before it began",
    ],
  },
  {
    mistake: "send throws what the network threw",
    of: pagerSubject,
    broken: throwing((right) => right.cause ?? right),
    fails: [
      "send does not know when the socket closes after the request",
      "send does not know when it is called off after the request",
      "send knows that nothing was sent where nobody listens",
    ],
  },
];

describe("the conformance suite fails", () => {
  it.each(MUTANTS.map((mutant) => [mutant.mistake, mutant] as const))("where %s", async (_, mutant) => {
    const subject = { ...mutant.of, adapter: { ...mutant.of.adapter, ...mutant.broken(mutant.of.adapter) } };
    expect(await failures(subject)).toEqual([...mutant.fails]);
  });

  it("where close leaves a timer running", async () => {
    const timers: NodeJS.Timeout[] = [];
    const broken = sending(() => ({
      async close() {
        timers.push(setTimeout(() => {}, 60_000));
      },
    }));
    const subject = { ...pagerSubject, adapter: { ...pagerSubject.adapter, ...broken(pagerSubject.adapter) } };
    const closing = CHANNEL_CHECKS.find(({ name }) => name === "close leaves no handle open");
    await expect(closing?.run(subject)).rejects.toThrow("Timeout");
    for (const timer of timers) clearTimeout(timer);
  });

  it.each([
    ["the playground with buttons", buttons],
    ["the playground like an SMS", numbers],
    ["the example adapter", pagerSubject],
  ])("nowhere for %s as it is", async (_, subject) => {
    expect(await failures(subject)).toEqual([]);
  });

  it("has no check that no mutant fails", () => {
    const proven = new Set([...MUTANTS.flatMap(({ fails }) => fails), "close leaves no handle open"]);
    expect(CHANNEL_CHECKS.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});

/** The names of the checks that this subject fails. */
async function failures(subject: ChannelSubject): Promise<string[]> {
  const failed: string[] = [];
  for (const check of CHANNEL_CHECKS) {
    if ((check.waived?.(subject) ?? null) !== null) continue;
    try {
      await check.run(subject);
    } catch {
      failed.push(check.name);
    }
  }
  return failed;
}
