import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { Inbound } from "../adapter/inbound.ts";
import { readEntry } from "../compose/channel-entry.ts";
import type { Attachment } from "../domain/message.ts";
import { didYouMean } from "../language/suggest.ts";
import { readRegularFile } from "../lib/regular-file.ts";
import type { Arguments } from "./arguments.ts";
import { readChannelSettings } from "./channel-settings.ts";
import { type Configuration, configurationOf } from "./configuration.ts";
import { inspectChoice } from "./inspect-choice.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** `frontdesk inspect`: prints how an adapter reads a webhook body. Changes nothing. */
export async function inspectCommand(args: Arguments, world: World): Promise<Exit> {
  const [what, ...rest] = args.positionals;
  if (what === undefined) throw new UsageError("Name an adapter and a file, or choice and a text.");
  const configuration = configurationOf(args, world);
  if (what === "choice") return inspectChoice(args, { world, configuration });
  const [file, ...more] = rest;
  if (file === undefined || more.length > 0) throw new UsageError("Name one file, or - for standard input.");
  const open = await openByAdapter(what, { world, configuration });
  const body = file === "-" ? await world.stdin() : await readBodyFile(file);
  const raw = { body, contentType: contentTypeOf(body), receivedAt: new Date() };
  const items = open.adapter.parse(raw, open.config);
  world.out.write(`${JSON.stringify(items.map(describeItem), null, 2)}\n`);
  return EXIT.ok;
}

interface InspectContext {
  world: World;
  configuration: Configuration;
}

/** Loads an adapter with the configuration of its first channel, or an empty one when it has no channel. */
export async function openByAdapter(
  name: string,
  { world, configuration }: InspectContext,
): Promise<{ adapter: ChannelAdapter; config: unknown }> {
  const load = Object.hasOwn(world.adapters, name) ? world.adapters[name] : undefined;
  if (load === undefined) {
    const known = [...Object.keys(world.adapters), "choice"];
    throw new UsageError(`There is no adapter ${name}${didYouMean(name, known)}; there are ${known.join(", ")}.`);
  }
  const adapter = await load();
  const channel = (await readChannelSettings(configuration)).find((one) => one.adapter === name);
  return { adapter, config: readEntry(adapter, channel?.entry ?? {}, configuration.env).config };
}

/** Our choice: more than any platform sends. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

async function readBodyFile(file: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(file, { maxBytes: MAX_BODY_BYTES });
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Guesses the content type: platforms send JSON or a form; a mail begins with a header line. */
function contentTypeOf(body: Uint8Array): string {
  const start = new TextDecoder().decode(body.subarray(0, 256)).trimStart();
  if (/^[[{]/.test(start)) return "application/json";
  return /^[A-Za-z][\w-]*:\s/.test(start) ? "message/rfc822" : "application/x-www-form-urlencoded";
}

/** Selects the fields to print: the same keys for every channel, absent ones left out. */
function describeItem(item: Inbound): Record<string, unknown> {
  const id = item.externalId === "" ? {} : { id: item.externalId };
  const rest = { ...(item.sentAt ? { sentAt: item.sentAt } : {}), ...(item.flags ? { flags: item.flags } : {}) };
  switch (item.kind) {
    case "ignored":
      return { kind: item.kind, ...id, ...rest, reason: item.reason };
    case "receipt":
      return { kind: item.kind, ...id, ...rest };
    case "moved":
      return { kind: item.kind, ...id, from: item.from, to: item.to, ...rest };
    case "action":
      return { kind: item.kind, ...id, ...describeSender(item), ...rest };
    case "edit":
      return { kind: item.kind, ...id, target: item.target, ...describeSender(item), text: item.text, ...rest };
    case "delete":
      return { kind: item.kind, ...id, target: item.target, ...describeSender(item), ...rest };
    case "choice":
      return { kind: item.kind, ...id, ...describeSender(item), text: item.text, ...rest };
    case "opt_out":
    case "opt_in":
    case "help":
    case "message": {
      const attachments = item.attachments.map(describeAttachment);
      return { kind: item.kind, ...id, ...describeSender(item), text: item.text, attachments, ...rest };
    }
  }
}

function describeSender(item: Extract<Inbound, { thread: unknown }>): Record<string, unknown> {
  const { thread, from, displayName, trust } = item;
  return { thread, from, ...(displayName === undefined ? {} : { displayName }), trust };
}

function describeAttachment({ name, mediaType, bytes }: Attachment): Record<string, unknown> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}
