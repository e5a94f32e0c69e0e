/** Schemas of the journal's payloads, by kind of event. Our own statements write them. */
import { z } from "zod";
import { StoredDeskCommand } from "../adapter/desk-command.ts";
import type { Trust } from "../adapter/inbound.ts";
import type { CaseStatus } from "../domain/case.ts";
import type { Contact } from "../domain/contact.ts";
import { Attachment } from "../domain/message.ts";
import type { Happening } from "./core/event.ts";

/** Postgres writes times in its own format. */
const moment = z.string().transform((text) => new Date(text).toISOString());

/** The opt-out of the thread when the event came; absent or null: there was none. */
export const OPT_OUT = z
  .object({
    optOut: z
      .object({
        at: moment,
        word: z.string().nullable(),
        ours: z.string().nullable(),
        endedAt: moment.nullable(),
      })
      .nullish(),
  })
  .transform(({ optOut }) => (optOut == null ? {} : { optOut }));

const contact = z
  .object({
    id: z.number(),
    name: z.string(),
    email: z.string(),
    phone: z.string(),
    language: z.string(),
    blocked: z.boolean(),
    attributes: z.record(z.string(), z.unknown()),
  })
  .transform((row): Contact => ({ ...row, first_name: row.name.split(" ")[0] ?? "" }));

const sender = z.object({
  address: z.string(),
  displayName: z.string(),
  trust: z.enum(["verified", "asserted", "unverified", "spoof_suspect"]) satisfies z.ZodType<Trust>,
});

const pace = z.object({
  minute: z.number(),
  hour: z.number(),
  day: z.number(),
  first: z.literal(true).exactOptional(),
});

const attachments = z.array(Attachment);
const message = z.number();

/** Payload of a customer's message or edit, whose text and sender stand in `content`. */
const customerPayload = <Words>(words: z.ZodType<Words>) =>
  z
    .object({
      message,
      content: words.and(z.object({ from: sender })),
      contact,
      pace: pace.exactOptional(),
      unsent: z.number().nullish(),
    })
    .transform(({ content, contact: whose, unsent, ...row }) => ({
      ...row,
      ...(unsent == null ? {} : { unsent }),
      ...content,
      from: { ...content.from, contact: whose },
    }));

const early = z.literal(true).exactOptional();
const keyword = customerPayload(z.object({ text: z.string(), attachments, ours: z.string() }));

const operator = z.object({ id: z.string(), name: z.string() });
const status = z.enum([
  "new",
  "with us",
  "waiting for the customer",
  "solved",
  "with the bot",
]) satisfies z.ZodType<CaseStatus>;

/** Facts that the statement adds to an operator's command; see `operator` in core/event.ts. */
const deskFacts = {
  queues: z.array(z.string()).nullish(),
  known: z.array(z.string()).nullish(),
  contact: contact.nullish(),
  into: z
    .object({
      queue: z.string(),
      status,
      mergedInto: z.number().nullable(),
      contact: z.number(),
      customer: z.string(),
    })
    .nullish(),
};

const byWriter = ({ address, displayName }: z.infer<typeof sender>) => ({
  operator: { id: address, name: displayName || address },
});
const mentions = z.literal(true).exactOptional();

/** A message written in a case's thread, which shows it already; core decides whom it is for. */
const writtenAtDesk = z.union([
  z
    .object({ from: sender, amends: z.literal("edit"), ref: z.string(), text: z.string().default(""), mentions })
    .transform(({ from, amends: kind, ...words }) => ({ ...byWriter(from), command: { kind, ...words } })),
  z
    .object({ from: sender, amends: z.literal("delete"), ref: z.string() })
    .transform(({ from, amends: kind, ref: of }) => ({ ...byWriter(from), command: { kind, ref: of } })),
  z
    .object({
      from: sender,
      amends: z.undefined().optional(),
      text: z.string().default(""),
      /** Older builds stored none for a pressed option or a word that a carrier acts on. */
      ref: z.string().optional(),
      attachments: attachments.default([]),
      mentions,
    })
    .transform(({ from, amends: _none, attachments: files, ...words }) => {
      const sent = files.length === 0 ? {} : { files };
      return { ...byWriter(from), command: { kind: "say" as const, shown: true as const, ...words, ...sent } };
    }),
]);

const atDesk = z
  .object({ content: z.union([z.object({ operator, command: StoredDeskCommand }), writtenAtDesk]), ...deskFacts })
  .transform(({ content, queues, known, contact: whom, into }) => ({
    ...content,
    queues: queues ?? null,
    into: into ?? null,
    ...(known == null ? {} : { known }),
    ...(whom == null ? {} : { contact: whom }),
  }));

const result = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      reason: z.enum([
        "timeout",
        "unreachable",
        "refused",
        "not_found",
        "bad_answer",
        "server_error",
        "bad_input",
        "ambiguous",
        "cancelled",
      ]),
      name: z.string().exactOptional(),
      message: z.string(),
      retryable: z.boolean(),
    }),
  }),
]);

const effect = z.object({ operation: z.string(), write: z.boolean() });
const ref = z.string();
const reason = z.string();
const outbox = z.number();

type Payloads = { readonly [Kind in Happening["kind"]]: z.ZodType<Happening & { kind: Kind }> };

const payloadOf = <Kind extends Happening["kind"], Fields>(kind: Kind, fields: z.ZodType<Fields>) =>
  fields.transform((read) => ({ kind, ...read }));

export const PAYLOADS: Payloads = {
  message: payloadOf("message", customerPayload(z.object({ text: z.string(), attachments }))),
  choice: payloadOf(
    "choice",
    customerPayload(z.object({ text: z.string(), promptId: z.string(), optionId: z.string() })),
  ),
  opt_out: payloadOf("opt_out", keyword),
  opt_in: payloadOf("opt_in", keyword),
  help: payloadOf("help", keyword),
  edit: payloadOf("edit", customerPayload(z.object({ text: z.string(), early }))),
  delete: payloadOf("delete", customerPayload(z.object({ early }))),
  withdrawn: payloadOf("withdrawn", z.object({ message })),
  named: payloadOf("named", z.object({ contact })),
  operator: payloadOf("operator", atDesk),
  answer: payloadOf("answer", z.object({ ask: z.string(), result, effect: effect.exactOptional() })),
  alarm: payloadOf("alarm", z.object({ alarm: z.string(), after: z.number().exactOptional() })),
  delivered: payloadOf("delivered", z.object({ ref })),
  merged: payloadOf(
    "merged",
    z.object({
      from: z.number(),
      by: z.string(),
      customer: z.string(),
      channel: z.string(),
      until: z.object({ message: z.number(), at: z.string() }),
      waitingSince: z.string().nullable(),
    }),
  ),
  unmerged: payloadOf("unmerged", z.object({ into: z.number() })),
  elsewhere: payloadOf(
    "elsewhere",
    z.object({
      from: z.number(),
      channel: z.string(),
      author: z.string(),
      text: z.string(),
      files: attachments.exactOptional(),
    }),
  ),
  undelivered: payloadOf(
    "undelivered",
    z.object({
      outbox,
      desk: z.boolean().exactOptional(),
      ref: ref.exactOptional(),
      outcome: z.enum(["failed", "parked"]),
      reason,
      optedOut: z.literal(true).exactOptional(),
    }),
  ),
  dropped: payloadOf(
    "dropped",
    z.object({ outbox, ref: ref.exactOptional(), reason, brake: z.literal("channel").exactOptional() }),
  ),
  arrived: payloadOf("arrived", z.object({ outbox, ref: ref.exactOptional() })),
};
