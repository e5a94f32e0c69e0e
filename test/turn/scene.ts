/** A conversation played by hand: real content files, events one after the other, and their outcomes. */

import { playground } from "../../channels/playground/index.ts";
import type { Capabilities } from "../../src/adapter/capabilities.ts";
import type { DeskCommand } from "../../src/adapter/desk-command.ts";
import type { PartChange } from "../../src/adapter/part.ts";
import { operationsOf } from "../../src/compose/catalog.ts";
import { compileContent } from "../../src/content/compile.ts";
import type { CallResult } from "../../src/domain/call.ts";
import type { DeskEntry, DeskQuestion } from "../../src/domain/case.ts";
import type { Catalog, Release } from "../../src/turn/core/catalog.ts";
import type { Event, Happening, KnownOptOut, MergeTarget } from "../../src/turn/core/event.ts";
import type { TransitionOutcome } from "../../src/turn/core/outcome.ts";
import { isForCustomer } from "../../src/turn/core/outcome.ts";
import { initialState, type State } from "../../src/turn/core/state.ts";
import { transition } from "../../src/turn/core/transition.ts";

const SECRET = "a secret of sixteen letters or more";
const LOOKS = { chat: "buttons", text: "sms" } as const;

export const SETTINGS = `
channels:
  chat: { adapter: playground, secret: "env:SECRET", look: buttons }
  text: { adapter: playground, secret: "env:SECRET", look: sms }
desk: { adapter: playground, channel: chat }
default_queue: front-line
queues:
  front-line: { title: Front line, members: channel }
  billing: { title: Billing, members: channel }
  nights:
    members: channel
    hours: { timezone: UTC, open: { mon-fri: "09:00-18:00" } }
    closed_say: "We are back at {{ queue.opens_at }}."
`;

/** Settings without brakes, for tests that write more than people do. */
export const UNBRAKED = `${SETTINGS}limits:
  sender: { per_minute: 10000, per_hour: 10000, per_day: 10000 }
  thread: { per_minute: 10000, per_hour: 10000, per_day: 10000 }
  loop: { exchanges: 10000, rapid: 10000 }
`;

const CRM = `
id: crm
base_url: "https://crm.example"
operations:
  refund: { kind: write, request: "POST /refunds", input: { key: string }, returns: { tier: string } }
  get: { kind: read, request: "GET /accounts/{key}", input: { key: string }, returns: { tier: string } }
  own: { kind: read, request: "GET /own/{id}", identity: { id: contact.phone, plan: contact.attributes.plan } }
`;

/** Compiles workflow files (their name to their YAML) as one release. Throws with the faults of the files. */
export function release(workflows: Readonly<Record<string, string>>, { id = 1, settings = SETTINGS } = {}): Release {
  const files = Object.entries(workflows).map(([name, text]) => [`workflows/${name}.yaml`, `id: ${name}\n${text}`]);
  const content = compileContent(
    { "frontdesk.yaml": settings, "connectors/crm.yaml": CRM, ...Object.fromEntries(files) },
    { adapters: ["playground"], capabilities: ({ name }) => shapeOf(name)?.can ?? null },
  );
  if (content.content === null) throw new Error(JSON.stringify(content.diagnostics, null, 1));
  const { workflows: compiled, settings: read } = content.content;
  const { queues, defaultQueue, limits } = read;
  const none = { procedures: [], operations: operationsOf(content.content.connectors), models: false };
  return { id, workflows: compiled, ...none, queues, defaultQueue, limits, writes: new Set(["crm.refund"]) };
}

export interface CatalogOptions {
  /** Time in which operators' words can be taken back. */
  undoMs?: number;
  /** Capabilities of the customer's channel that differ from the playground's. */
  can?: Partial<Capabilities>;
  /** True when platforms and people can reach this server. */
  reachable?: boolean;
}

export function catalogOf(
  live: Release,
  older: readonly Release[] = [],
  { undoMs = 0, can = {}, reachable = true }: CatalogOptions = {},
): Catalog {
  const all = new Map([...older, live].map((one) => [one.id, one]));
  const channel = (name: string) => {
    const shape = shapeOf(name);
    return shape === null ? null : { ...shape, can: { ...shape.can, ...can } };
  };
  return {
    live,
    release: (id) => all.get(id) ?? null,
    channel,
    deskChannel: "chat",
    undoMs,
    internalHosts: ["wiki.acme.example", ".corp.example"],
    link: (id) => `https://desk.example/${id}`,
    fileUrl: ({ token, name }) => (reachable ? `https://desk.example/files/${token}/${name}` : null),
  };
}

function shapeOf(name: string) {
  const look = LOOKS[name as keyof typeof LOOKS];
  if (look === undefined) return null;
  const can = playground.capabilities({ secret: SECRET, look });
  return { can, measure: (text: string) => playground.measure(text) };
}

export const DANA = {
  id: 7,
  name: "Dana Smith",
  first_name: "Dana",
  email: "",
  phone: "+15550111",
  language: "en",
  blocked: false,
  attributes: {},
};
/** The target of a merge, unless a test says otherwise: another open case of the same customer. */
export const OTHER_CASE: MergeTarget = {
  queue: "billing",
  status: "new",
  mergedInto: null,
  contact: DANA.id,
  customer: "Dana Smith",
};
export const ALEX = { id: "alex", name: "Alex" };
export const KIM = { id: "kim", name: "Kim" };

export const FROM = { address: "dana", displayName: "Dana Smith", trust: "asserted", contact: DANA } as const;
/** A Friday, ten in the morning. */
const BEGINS = Date.parse("2026-11-20T10:00:00Z");
const CONVERSATION = 3;
const STEP_MS = 10_000;

export interface Scene {
  readonly state: State;
  /** The outcome of the last event. */
  readonly last: TransitionOutcome;
  catalog: Catalog;
  happens(what: Happening & { optOut?: KnownOptOut }): TransitionOutcome;
  writes(text: string): TransitionOutcome;
  /** Presses an option of the open prompt, or of another one. */
  presses(option: string, prompt?: string): TransitionOutcome;
  /** `queues`: queues in which they work; left out: all. */
  does(who: typeof ALEX, command: DeskCommand, queues?: readonly string[]): TransitionOutcome;
  /** Writes in the case's thread, which shows the words already, under `ref`. */
  message(who: typeof ALEX, text: string, ref: string): TransitionOutcome;
  answers(result: CallResult, ask?: string): TransitionOutcome;
  rings(alarm: string): TransitionOutcome;
  /** Continues from another state. */
  resume(from: State): void;
  /** Lets time pass before the next event. */
  after(minutes: number): Scene;
  /** Lets only this much time pass before the next event. */
  quickly(seconds: number): Scene;
}

/** Begins a conversation on a channel; every event is ten seconds after the one before. */
export function scene(catalog: Catalog, { channel = "chat", at = BEGINS } = {}): Scene {
  let state = initialState({ channel, thread: "t1", openedAt: new Date(at).toISOString() });
  let last: TransitionOutcome | null = null;
  let now = at;
  let id = 100;
  const asked: string[] = [];
  const on: Scene = {
    catalog,
    get state() {
      return state;
    },
    get last() {
      if (last === null) throw new Error("Nothing has happened yet");
      return last;
    },
    happens(what) {
      now += STEP_MS;
      const event: Event = { id: id++, at: new Date(now), ...what };
      last = transition(state, event, { catalog: on.catalog, conversation: CONVERSATION });
      state = last.state;
      asked.push(...last.asks.map((ask) => ask.id));
      return last;
    },
    writes: (text) => on.happens({ kind: "message", message: id, text, attachments: [], from: FROM }),
    presses: (optionId, promptId = state.prompt?.id ?? "none") =>
      on.happens({ kind: "choice", message: id, text: optionId, promptId, optionId, from: FROM }),
    does: (operator, command, queues) => {
      const into = command.kind === "merge" ? { into: { ...OTHER_CASE, contact: state.contact.id } } : {};
      return on.happens({ kind: "operator", operator, command, queues: queues ?? null, ...into });
    },
    message: (who, text, ref) => on.does(who, { kind: "say", text, ref, shown: true }),
    answers: (result, ask = asked.at(-1) ?? "none") => on.happens({ kind: "answer", ask, result }),
    rings: (alarm) => on.happens({ kind: "alarm", alarm }),
    resume(from) {
      state = from;
    },
    after(minutes) {
      now += minutes * 60_000;
      return on;
    },
    quickly(seconds) {
      now += seconds * 1_000 - STEP_MS;
      return on;
    },
  };
  return on;
}

/** Texts for the customer, in order. */
export const toCustomer = ({ tells }: TransitionOutcome): string[] =>
  tells.flatMap((tell) => (isForCustomer(tell) ? [tell.text] : []));

/** Kinds of the customer's tells: a take-over drops a "reply", never a "notice". */
export const kinds = ({ tells }: TransitionOutcome): string[] =>
  tells.flatMap((tell) => (isForCustomer(tell) ? [tell.kind] : []));

/** Entries of the case's thread. */
export const atDesk = ({ tells }: TransitionOutcome): DeskEntry[] =>
  tells.flatMap((tell) => (tell.kind === "desk" && tell.part.kind === "entry" ? [tell.part.entry] : []));

/** Hints to operators: [operator, text]. */
export const hints = ({ tells }: TransitionOutcome): [string, string][] =>
  tells.flatMap((tell) =>
    tell.kind === "desk" && tell.part.kind === "hint" ? [[tell.part.operator, tell.part.text] as [string, string]] : [],
  );

/** Marks under operators' words: [ref, message (null: the state of their delivery), question]. */
export const marks = ({ tells }: TransitionOutcome): [string, string | null, DeskQuestion | null][] =>
  tells.flatMap((tell) =>
    tell.kind === "desk" && tell.part.kind === "mark"
      ? [[tell.part.ref, tell.part.message, tell.part.question] as [string, string | null, DeskQuestion | null]]
      : [],
  );

/** Changes to what was sent, and hints to customers. */
export const toChannel = ({ tells }: TransitionOutcome): PartChange[] =>
  tells.flatMap((tell) => (tell.kind === "channel" ? [tell.part] : []));

export const codes = ({ lines }: TransitionOutcome): string[] => lines.map(({ code }) => code);
