/** Interface of an adapter in the conformance suite. */
import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import type { RawRequest } from "../../src/adapter/inbound.ts";
import type { ThreadId } from "../../src/domain/ids.ts";
import type { NumberedOption } from "../../src/domain/option.ts";
import type { ScriptedAnswer } from "../support/counterpart.ts";

/** Reason why a group of checks does not apply to an adapter. */
export interface DoesNotApply {
  doesNotApply: string;
}

export interface ChannelSubject<Config = unknown, Body = unknown> {
  adapter: ChannelAdapter<Config, Body>;
  /** The channel's entry in `frontdesk.yaml`, its secrets resolved. */
  config: unknown;
  /** Returns the body that the platform posts when a customer types `text`. */
  message(text: string): Uint8Array;
  /** Media type of those bodies, and of every sample. */
  contentType: string;
  /** The folder of recorded bodies, each beside its `<name>.inbound.json`. */
  samples: URL;
  webhook: WebhookSubject | DoesNotApply;
  /** Returns the body that the platform posts when a customer clicks `option` of an encoded part. */
  click: ((body: Body, option: NumberedOption) => Uint8Array) | DoesNotApply;
  sending: SendingSubject | DoesNotApply;
}

export interface WebhookSubject {
  /** Returns a request that is valid for `config` at `at`. */
  request(body: Uint8Array, at: Date): RawRequest;
  /** The same channel with another secret, as in `frontdesk.yaml`. */
  foreignConfig: unknown;
  /** Tolerance of a signed time. */
  signedTime: { toleranceMs: number } | DoesNotApply;
}

export interface SendingSubject {
  /** Returns the channel's entry with `apiUrl` as the platform. */
  config(apiUrl: string): unknown;
  thread: ThreadId;
  accepted: ScriptedAnswer & { remoteId: string };
  /** A 4xx for which a retry can't help. Default: a bare 400. */
  refused?: ScriptedAnswer;
  /** A 429; the suite adds `Retry-After: 7`. Default: a bare 429. */
  busy?: ScriptedAnswer;
  /** A 5xx. Default: a bare 500. */
  broken?: ScriptedAnswer;
}

/** A named check. Rejects if the adapter fails it. */
export interface Check {
  name: string;
  /** Returns the reason why it does not apply to this subject, or null. */
  waived?(subject: ChannelSubject): string | null;
  run(subject: ChannelSubject): Promise<void> | void;
}

/** Returns the reason why a group does not apply, or null. */
export function reasonOf(part: object | DoesNotApply): string | null {
  return "doesNotApply" in part ? part.doesNotApply : null;
}

/** Returns the part of a subject that a check needs. Throws if the group does not apply. */
export function applied<Part extends object>(part: Part | DoesNotApply): Part {
  if ("doesNotApply" in part) throw new Error(`This check does not apply: ${part.doesNotApply}`);
  return part;
}
