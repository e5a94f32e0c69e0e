/** Reads `frontdesk.yaml`: channels, the desk, queues. Pure; secrets are only named. */

import { isMap } from "yaml";
import { DEFAULT_LIMITS, type Limits } from "../domain/limits.ts";
import { type ModelSettings, NO_MODELS } from "../domain/model-settings.ts";
import { DEFAULT_RETENTION, type Retention } from "../domain/retention.ts";
import { type Diagnostic, inFileOrder, type Position } from "../language/diagnostic.ts";
import { durationMs } from "../language/duration.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  type Fields,
  fault,
  isName,
  plainValue,
  quoted,
  readDuration,
  readFields,
  readListOrOne,
  readMap,
  readName,
  readText,
  rootEntry,
} from "../language/yaml-entry.ts";
import { openYaml, report } from "../language/yaml-file.ts";
import { refuseSecrets } from "./plain-secrets.ts";
import { readLimits } from "./settings-limits.ts";
import { readModels } from "./settings-models.ts";
import { type QueueSettings, readQueues } from "./settings-queue.ts";
import { readRetention } from "./settings-retention.ts";
import { type AllowedByConnector, readAllowedSecrets } from "./settings-secrets.ts";

/** The file's name in a content folder. */
export const SETTINGS_FILE = "frontdesk.yaml";

export interface ChannelSettings {
  name: string;
  /** The name of its adapter. */
  adapter: string;
  /** The keys under the channel's name as written, except `adapter`; the adapter reads them. */
  entry: Readonly<Record<string, unknown>>;
  /** Its position in the file, for faults that the adapter finds. */
  position: Position;
}

export interface Settings {
  channels: Readonly<Record<string, ChannelSettings>>;
  desk: DeskSettings;
  /** The queue for conversations that no workflow routes. */
  defaultQueue: string;
  reopenWithinMs: number;
  /** Silence after which a conversation in which nothing is open is closed. */
  closeAfterMs: number;
  queues: Readonly<Record<string, QueueSettings>>;
  /** The secrets that each connector may use, by its id; others may use none. */
  secrets: AllowedByConnector;
  limits: Limits;
  retention: Retention;
  models: ModelSettings;
  /** The company's wishes about the tone of models, in its own words; "" where it has none. */
  voice: string;
}

export interface DeskSettings {
  adapter: string;
  channel: string;
  /** Delay in which operators may undo what they wrote; null: the default of the adapter. */
  undoMs: number | null;
  /** Hosts of internal links. */
  internalHosts: readonly string[];
}

export interface ParsedSettings {
  /** null when the file has an error. */
  settings: Settings | null;
  diagnostics: readonly Diagnostic[];
}

/** Our choice: a page. It is part of every prompt, and what is longer belongs into procedures. */
const VOICE_MAX = 2_000;
const DEFAULT_REOPEN_WITHIN_MS = durationMs("72h") ?? 0;
/** Our choice: longer than a holiday, so that nobody is closed on who still means to answer. */
const DEFAULT_CLOSE_AFTER_MS = durationMs("14d") ?? 0;
const KEYS = {
  what: SETTINGS_FILE,
  known: [
    "channels",
    "desk",
    "default_queue",
    "reopen_within",
    "close_after",
    "queues",
    "secrets",
    "limits",
    "retention",
    "models",
    "voice",
  ],
  later: ["replies", "macros", "knowledge", "testers", "ops"],
  required: ["channels", "desk", "default_queue", "queues"],
};

/** Reads the settings. Total: any text yields settings or diagnostics, all at once. */
export function parseSettings(source: string, file: string = SETTINGS_FILE): ParsedSettings {
  const { yaml, root } = openYaml(source, { file, letter: "F" });
  const settings = root === null ? null : readSettings(rootEntry(yaml, root));
  const faulty = yaml.diagnostics.some(({ severity }) => severity === "error");
  return { settings: faulty ? null : settings, diagnostics: yaml.diagnostics.toSorted(inFileOrder) };
}

function readSettings(entry: Entry): Settings | null {
  const fields = readFields(entry, KEYS);
  if (fields === null) return null;
  const read = <Value>(key: string, how: (field: Entry) => Value | null): Value | null => {
    const field = fields.get(key);
    return field === undefined ? null : how(field);
  };
  const settings = {
    channels: read("channels", readChannels),
    desk: read("desk", readDesk),
    defaultQueue: read("default_queue", (field) => readName(field, "a queue's id")),
    reopenWithinMs: read("reopen_within", readDuration) ?? DEFAULT_REOPEN_WITHIN_MS,
    closeAfterMs: read("close_after", readDuration) ?? DEFAULT_CLOSE_AFTER_MS,
    queues: read("queues", readQueues),
    secrets: read("secrets", readAllowedSecrets) ?? {},
    limits: read("limits", (field) => readLimits(field, channelNames(fields))) ?? DEFAULT_LIMITS,
    retention: read("retention", readRetention) ?? DEFAULT_RETENTION,
    models: read("models", readModels) ?? NO_MODELS,
    voice: read("voice", readVoice) ?? "",
  };
  const { channels, desk, defaultQueue, queues } = settings;
  if (channels === null || desk === null || defaultQueue === null || queues === null) return null;
  const complete = { ...settings, channels, desk, defaultQueue, queues };
  checkNames(fields, complete);
  return complete;
}

function readVoice(entry: Entry): string | null {
  const voice = readText(entry)?.trim() ?? null;
  if (voice === null || voice.length <= VOICE_MAX) return voice;
  return fault(entry, "014", `voice: has ${voice.length} characters; at most ${VOICE_MAX} are allowed`);
}

/** Names of all channels, also of unreadable ones. */
function channelNames(fields: Fields): string[] {
  const entry = fields.get("channels");
  return entry === undefined || !isMap(entry.node) ? [] : [...(readMap(entry)?.keys() ?? [])];
}

function checkNames(fields: Fields, { channels, desk, defaultQueue, queues }: Settings): void {
  const queueEntry = fields.get("default_queue");
  if (queueEntry !== undefined && !queueEntry.yaml.places.has(`queues.${defaultQueue}`)) {
    fault(queueEntry, "101", `there is no queue "${defaultQueue}"${didYouMean(defaultQueue, Object.keys(queues))}`);
  }
  const deskEntry = fields.get("desk");
  if (deskEntry === undefined) return;
  const channelAt = deskEntry.yaml.places.get("desk.channel")?.value ?? deskEntry.at;
  const channel = Object.hasOwn(channels, desk.channel) ? channels[desk.channel] : undefined;
  // An unreadable channel still exists.
  if (channel === undefined && deskEntry.yaml.places.has(`channels.${desk.channel}`)) return;
  if (channel === undefined) {
    report(deskEntry.yaml, {
      at: channelAt,
      number: "106",
      message: `there is no channel "${desk.channel}"${didYouMean(desk.channel, Object.keys(channels))}`,
    });
  } else if (channel.adapter !== desk.adapter) {
    report(deskEntry.yaml, {
      at: channelAt,
      number: "106",
      message: `the channel ${desk.channel} has the adapter ${channel.adapter}, but the desk has ${desk.adapter}`,
    });
  }
}

function readChannels(entry: Entry): Readonly<Record<string, ChannelSettings>> | null {
  const listed = readMap(entry);
  if (listed === null) return null;
  if (listed.size === 0) return fault(entry, "006", "channels: names at least one channel");
  const channels = [...listed].map(([name, field]): [string, ChannelSettings | null] => [
    name,
    readChannel(name, field),
  ]);
  return Object.fromEntries(channels.filter((pair): pair is [string, ChannelSettings] => pair[1] !== null));
}

function readChannel(name: string, entry: Entry): ChannelSettings | null {
  // The name is part of webhook URLs.
  if (!isName(name))
    return fault(
      entry,
      "015",
      `a channel's name is a word of letters, digits, - and _; this is ${quoted(name)}`,
      "key",
    );
  const fields = readMap(entry);
  if (fields === null) return null;
  const named = fields.get("adapter");
  if (named === undefined) return fault(entry, "006", "a channel needs adapter:", "key");
  const adapter = readText(named);
  const rest = [...fields].filter(([key]) => key !== "adapter");
  for (const [, field] of rest) refuseSecrets(field);
  const written = Object.fromEntries(rest.map(([key, field]) => [key, plainValue(field)]));
  return adapter === null ? null : { name, adapter, entry: written, position: entry.keyAt };
}

function readDesk(entry: Entry): Settings["desk"] | null {
  const known = ["adapter", "channel", "undo", "internal_links"];
  const fields = readFields(entry, { what: "desk:", known, required: ["adapter"] });
  const named = fields?.get("adapter");
  const channel = fields?.get("channel");
  const adapter = named === undefined ? null : readText(named);
  if (adapter === null) return null;
  const name = channel === undefined ? adapter : readText(channel);
  const undo = fields?.get("undo");
  const links = fields?.get("internal_links");
  const undoMs = undo === undefined ? null : readUndo(undo);
  const internalHosts = links === undefined ? [] : readHosts(links);
  return name === null ? null : { adapter, channel: name, undoMs, internalHosts };
}

/** Reads a duration; `0s` means that texts leave at once. */
const readUndo = (entry: Entry): number | null =>
  /^0s?$/.test(String(plainValue(entry)).trim()) ? 0 : readDuration(entry);

/** `wiki.acme.example`, or `.acme.example` for all its subdomains. */
const HOST = /^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/;

function readHosts(entry: Entry): readonly string[] {
  const hosts: string[] = [];
  for (const item of readListOrOne(entry) ?? []) {
    const host = readText(item)?.toLowerCase() ?? null;
    if (host !== null && HOST.test(host)) hosts.push(host);
    else if (host !== null)
      fault(item, "014", `internal_links: lists hosts, like wiki.acme.example; this is ${quoted(host)}`);
  }
  return hosts;
}
