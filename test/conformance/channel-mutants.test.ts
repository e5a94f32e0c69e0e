/**
 * Proves the suite: a correct adapter with one fault fails exactly the checks listed for it. Each mutant is a mistake that
 * somebody has made in a real adapter.
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

/** Breaks `send` to throw another error than the right one. */
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
const NATIVE_HAS_SAMPLE = "every native ability has a sample";
const LACKS_SIGNATURE = "verify rejects a request without its signature's header";
const LARGEST_BODY = "maxBytes is at least the largest sample, and at most a megabyte";
let counter = 0;

const MUTANTS: readonly Mutant[] = [
  {
    mistake: "verify overlooks the last byte",
    of: buttons,
    // Signs and checks all but the last byte: off by one.
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
      "verify rejects a request without its headers, with a reason",
      LACKS_SIGNATURE,
      "verify rejects a stale and a future time",
    ],
  },
  {
    mistake: "signatureHeader is not lower case",
    of: buttons,
    broken: naming({ signatureHeader: "X-Frontdesk-Signature" }),
    fails: ["every genuine request has the signature's header", LACKS_SIGNATURE],
  },
  {
    mistake: "maxBytes is in kilobytes",
    of: buttons,
    broken: naming({ maxBytes: 128 }),
    fails: [LARGEST_BODY],
  },
  {
    mistake: "maxBytes is infinite",
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
    mistake: "verify throws if a header is missing",
    of: buttons,
    broken: verifying((right) => (request, config, now) => {
      if (request.headers["x-frontdesk-signature"] === undefined) throw new TypeError("undefined is not a string");
      return right(request, config, now);
    }),
    fails: ["verify rejects a request without its headers, with a reason", LACKS_SIGNATURE],
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
    mistake: "respond accepts a bad request",
    of: buttons,
    broken: (adapter) => ({
      webhook: { ...webhookOf(adapter), respond: () => ({ status: 200, contentType: "text/plain", body: "" }) },
    }),
    fails: ["respond accepts a good request, and answers a bad one with its status"],
  },
  {
    mistake: "parse throws on invalid JSON",
    of: buttons,
    broken: parsing((inbound) => {
      if (inbound.kind === "ignored" && inbound.reason === "not_json") throw new SyntaxError("Unexpected token");
      return [inbound];
    }),
    fails: [
      "parse returns the expected items of each sample",
      "parse returns the same ids each time",
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
    mistake: "parse invents ids",
    of: pagerSubject,
    broken: parsing((inbound) => [{ ...inbound, dedupeKeys: [`made-up-${counter++}`] }]),
    fails: ["parse returns the expected items of each sample", "parse returns the same ids each time"],
  },
  {
    mistake: "parse returns no dedupe keys",
    of: pagerSubject,
    broken: parsing((inbound) => [{ ...inbound, dedupeKeys: [] }]),
    fails: [
      "parse returns the expected items of each sample",
      "parse returns the same ids each time",
      "parse is total over any bytes",
    ],
  },
  {
    mistake: "parse trims customers' text",
    of: pagerSubject,
    broken: parsing((inbound) => [inbound.kind === "message" ? { ...inbound, text: inbound.text.trim() } : inbound]),
    fails: ["parse keeps a customer's text as typed"],
  },
  {
    mistake: "parse redacts digits",
    of: pagerSubject,
    broken: parsing((inbound) =>
      inbound.kind === "message" ? [{ ...inbound, text: inbound.text.replace(/\d/g, "#") }] : [inbound],
    ),
    fails: ["parse keeps a customer's text as typed", "a typed number resolves to the option it was shown with"],
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
      "parse returns the expected items of each sample",
      NATIVE_HAS_SAMPLE,
      "a click and a typed number resolve to the same option",
    ],
  },
  {
    mistake: "a click identifies the option by its position",
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
    mistake: "encode depends on earlier calls",
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
    fails: ["measure never shrinks for a longer text, and only the empty text is 0"],
  },
  {
    mistake: "measure shrinks for some longer texts",
    of: pagerSubject,
    broken: () => ({ measure: (text) => (text.length > 40 ? Math.ceil(text.length / 2) : text.length) }),
    fails: ["measure never shrinks for a longer text, and only the empty text is 0"],
  },
  {
    mistake: "the limit is below a letter of three bytes",
    of: pagerSubject,
    broken: (adapter) => ({
      measure: (text) => Buffer.byteLength(text),
      capabilities: (config) => ({ ...adapter.capabilities(config), text: { max: 2, unit: "bytes" } }),
    }),
    fails: ["the fitted parts join to the text, within the limit", "encode shows the whole text and every option"],
  },
  {
    mistake: "the reserved words are in capitals",
    of: numbers,
    broken: (adapter) => ({ capabilities: (config) => ({ ...adapter.capabilities(config), reservedWords: ["STOP"] }) }),
    fails: ["every reserved word is left to the carrier"],
  },
  {
    mistake: "receipts are promised but never parsed",
    of: pagerSubject,
    broken: (adapter) => ({ capabilities: (config) => ({ ...adapter.capabilities(config), receipts: "native" }) }),
    fails: [NATIVE_HAS_SAMPLE],
  },
  {
    mistake: "reconcile waits for an answer that never comes",
    of: numbers,
    broken: sending(() => ({ reconcile: () => new Promise(() => {}) })),
    fails: ["reconcile ends when aborted"],
  },
  {
    mistake: "typing is promised but missing",
    of: pagerSubject,
    broken: (adapter) => ({ capabilities: (config) => ({ ...adapter.capabilities(config), typing: "native" }) }),
    fails: ["every native ability has its method"],
  },
  {
    mistake: "send accepts every answer",
    of: pagerSubject,
    broken: sending((right) => ({
      send: (thread, body, o) => right.send(thread, body, o).catch(() => "page-1" as never),
    })),
    fails: [
      "send obeys the wait of a 429",
      "send never retries a 4xx",
      "send has an unknown outcome after a 5xx",
      "send has an unknown outcome if the socket closes after the request",
      "send has an unknown outcome if aborted after the request",
      "send is not-sent if the connection is refused",
      "send is not-sent if aborted before it began",
      "a send whose claim has lapsed sends nothing",
    ],
  },
  {
    mistake: "send returns its own id",
    of: pagerSubject,
    broken: sending((right) => ({
      send: async (thread, body, o) => `own-${await right.send(thread, body, o)}` as never,
    })),
    fails: ["send returns the platform's id"],
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
    fails: ["send returns the platform's id"],
  },
  {
    mistake: "send ignores Retry-After",
    of: pagerSubject,
    broken: throwing((right) =>
      right.retry === "never" ? right : new SendError(right.message, { ...facts(right), retry: { afterMs: 1_000 } }),
    ),
    fails: ["send obeys the wait of a 429"],
  },
  {
    mistake: "send retries a 4xx",
    of: pagerSubject,
    broken: throwing((right) =>
      right.code === "http_400" ? new SendError(right.message, { ...facts(right), retry: { afterMs: 1_000 } }) : right,
    ),
    fails: ["send never retries a 4xx"],
  },
  {
    mistake: "send reports a 5xx as not-sent",
    of: pagerSubject,
    broken: throwing((right) =>
      right.code === "http_500" ? new SendError(right.message, { ...facts(right), outcome: "not-sent" }) : right,
    ),
    fails: ["send has an unknown outcome after a 5xx"],
  },
  {
    mistake: "send reports a lost connection as not-sent",
    of: pagerSubject,
    broken: throwing((right) =>
      right.code === undefined ? new SendError(right.message, { ...facts(right), outcome: "not-sent" }) : right,
    ),
    fails: [
      "send has an unknown outcome if the socket closes after the request",
      "send has an unknown outcome if aborted after the request",
    ],
  },
  {
    mistake: "send ignores its signal",
    of: pagerSubject,
    broken: sending((right) => ({
      send: (thread, body, o) => right.send(thread, body, { ...o, signal: new AbortController().signal }),
    })),
    fails: ["send has an unknown outcome if aborted after the request", "send is not-sent if aborted before it began"],
  },
  {
    mistake: "send does not ask before it leaves",
    of: pagerSubject,
    broken: sending((right) => ({
      send: (thread, body, o) => right.send(thread, body, { ...o, leaving: () => {} }),
    })),
    fails: ["a send whose claim has lapsed sends nothing"],
  },
  {
    mistake: "send throws the network's error",
    of: pagerSubject,
    broken: throwing((right) => right.cause ?? right),
    fails: [
      "send has an unknown outcome if the socket closes after the request",
      "send has an unknown outcome if aborted after the request",
      "send is not-sent if the connection is refused",
    ],
  },
];

describe("the conformance suite fails", () => {
  it.each(MUTANTS.map((mutant) => [mutant.mistake, mutant] as const))("if %s", async (_, mutant) => {
    const subject = { ...mutant.of, adapter: { ...mutant.of.adapter, ...mutant.broken(mutant.of.adapter) } };
    expect(await failures(subject)).toEqual([...mutant.fails]);
  });

  it("if close leaves a timer running", async () => {
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

  it("has a failing mutant for every check", () => {
    const proven = new Set([...MUTANTS.flatMap(({ fails }) => fails), "close leaves no handle open"]);
    expect(CHANNEL_CHECKS.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});

/** Returns the names of the checks that this subject fails. */
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
