/** What an adapter brings to the conformance suite. */
import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import type { RawRequest } from "../../src/adapter/inbound.ts";
import type { ThreadId } from "../../src/domain/ids.ts";
import type { NumberedOption } from "../../src/domain/option.ts";
import type { ScriptedAnswer } from "../support/counterpart.ts";

/** Why a group of checks says nothing about this adapter. */
export interface DoesNotApply {
  doesNotApply: string;
}

export interface ChannelSubject<Config = unknown, Body = unknown> {
  adapter: ChannelAdapter<Config, Body>;
  /** The channel's entry in `frontdesk.yaml`, its secrets resolved. */
  config: unknown;
  /** The bytes that the platform posts when a customer types `text`. */
  message(text: string): Uint8Array;
  /** Of those bytes, and of every sample. */
  contentType: string;
  /** The folder of recorded bodies, each beside its `<name>.inbound.json`. */
  samples: URL;
  webhook: WebhookSubject | DoesNotApply;
  /** The bytes that the platform posts when a customer clicks `option` of what `encode` made. */
  click: ((body: Body, option: NumberedOption) => Uint8Array) | DoesNotApply;
  sending: SendingSubject | DoesNotApply;
}

export interface WebhookSubject {
  /** A request that is right for `config` if it is received at `at`. */
  request(body: Uint8Array, at: Date): RawRequest;
  /** The same channel with another secret, as in `frontdesk.yaml`. */
  foreignConfig: unknown;
  /** How far off a signed time may be. */
  signedTime: { toleranceMs: number } | DoesNotApply;
}

export interface SendingSubject {
  /** The channel's entry with `apiUrl` as the platform. */
  config(apiUrl: string): unknown;
  thread: ThreadId;
  accepted: ScriptedAnswer & { remoteId: string };
  /** A 4xx that trying again can't mend. Default: a bare 400. */
  refused?: ScriptedAnswer;
  /** A 429; the suite adds `Retry-After: 7`. Default: a bare 429. */
  busy?: ScriptedAnswer;
  /** A 5xx. Default: a bare 500. */
  broken?: ScriptedAnswer;
}

/** One named expectation. Rejects where the adapter does not meet it. */
export interface Check {
  name: string;
  /** Why it says nothing about this subject, or null. */
  waived?(subject: ChannelSubject): string | null;
  run(subject: ChannelSubject): Promise<void> | void;
}

/** The reason, where a subject says that a group does not apply. */
export function reasonOf(part: object | DoesNotApply): string | null {
  return "doesNotApply" in part ? part.doesNotApply : null;
}

/** The part of a subject that a check needs; a check that was not waived has it. */
export function applied<Part extends object>(part: Part | DoesNotApply): Part {
  if ("doesNotApply" in part) throw new Error(`This check does not apply: ${part.doesNotApply}`);
  return part;
}
