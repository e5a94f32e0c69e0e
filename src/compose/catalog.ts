/** Builds catalogs, the data that a turn may look up: the live release and those that running workflows are pinned to. */
import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { Capabilities } from "../adapter/capabilities.ts";
import type { Config } from "../config.ts";
import type { ReleasedContent, Releases } from "../content/releases.ts";
import type { Settings } from "../content/settings.ts";
import type { ConnectorOperation } from "../domain/connector-schema.ts";
import { filePath } from "../domain/file-name.ts";
import { compileTemplate } from "../language/template.ts";
import type { TextsByLanguage } from "../language/yaml-language.ts";
import { sha256 } from "../lib/digest.ts";
import type { Operation } from "../procedure/run.ts";
import type { InForce } from "../store/settings-in-force.ts";
import type { Catalog, ChannelShape, Release } from "../turn/core/catalog.ts";

/** The shape of a channel of this adapter. */
export function shapeWith(adapter: Pick<ChannelAdapter, "measure" | "ownPage">, can: Capabilities): ChannelShape {
  const shape = { can, measure: (text: string) => adapter.measure(text) };
  return adapter.ownPage === true ? { ...shape, trial: true } : shape;
}

interface CatalogOptions {
  releases: Releases;
  shapes: ReadonlyMap<string, ChannelShape>;
  deskChannel: string;
  desk: Pick<Catalog, "undoMs" | "internalHosts">;
  link: Catalog["link"];
  fileUrl: Catalog["fileUrl"];
}

/** Links to a conversation on the playground's page; "" when the page is off or PUBLIC_URL is not set. */
export function conversationLink(config: Pick<Config, "publicUrl" | "playground">): Catalog["link"] {
  const { publicUrl, playground } = config;
  if (publicUrl === null || !playground) return () => "";
  return (conversation) => `${publicUrl}/playground?conversation=${conversation}`;
}

/** Builds a file's public URL, which contains its token; null when PUBLIC_URL is not set. */
export function fileUrl({ publicUrl }: Pick<Config, "publicUrl">): Catalog["fileUrl"] {
  if (publicUrl === null) return () => null;
  return (file) => `${publicUrl}${filePath(file)}`;
}

/** Long enough to notice a mistake, short enough that nobody waits for it. */
const UNDO_MS = 5_000;

/** Rules for what operators write. There is no undo delay where they can't edit. */
export function deskRules(
  { desk }: Settings,
  o: { can: Capabilities | undefined; publicUrl: string | null },
): Pick<Catalog, "undoMs" | "internalHosts"> {
  const own = o.publicUrl === null ? [] : [new URL(o.publicUrl).hostname];
  return {
    undoMs: desk.undoMs ?? (o.can?.edit === "native" ? UNDO_MS : 0),
    internalHosts: [...desk.internalHosts, ...own],
  };
}

/** The settings by which a process decides, beside the release; stored with the journal (V2). */
export interface DecidedBy {
  deskChannel: string;
  undoMs: number;
  internalHosts: readonly string[];
  publicUrl: string | null;
  playground: boolean;
  channels: Readonly<Record<string, { adapter: string; can: Capabilities }>>;
}

/** The settings in force, as the journal stores them. */
export function inForce(settings: DecidedBy): InForce {
  return { hash: sha256(JSON.stringify(settings)), body: settings };
}

/** Returns a function that builds a turn's catalog. It throws while no content is released. */
export function createCatalogs(o: CatalogOptions): (pinned: readonly number[]) => Promise<Catalog> {
  const channel = (name: string): ChannelShape | null => o.shapes.get(name) ?? null;
  return async (pinned) => {
    const content = o.releases.live();
    if (content === null) throw new Error("No content is released; run `frontdesk check` and fix what it reports");
    const live = releaseOf(content);
    const known = new Map<number, Release>([[live.id, live]]);
    for (const id of pinned) {
      const older = known.has(id) ? null : await o.releases.get(id);
      if (older !== null) known.set(id, releaseOf(older));
    }
    const { deskChannel, desk, link, fileUrl } = o;
    return { live, release: (id) => known.get(id) ?? null, channel, deskChannel, ...desk, link, fileUrl };
  };
}

const releaseCache = new WeakMap<ReleasedContent, Release>();

/** Names of the operations that change something outside. */
const writesOf = (connectors: ReleasedContent["connectors"]): ReadonlySet<string> =>
  new Set(
    Object.entries(connectors).flatMap(([id, { operations }]) =>
      Object.entries(operations).flatMap(([name, { kind }]) => (kind === "write" ? [`${id}.${name}`] : [])),
    ),
  );

/** The operations that workflows and procedures may use. */
export const operationsOf = (connectors: ReleasedContent["connectors"]): ReadonlyMap<string, Operation> =>
  new Map(
    Object.entries(connectors).flatMap(([id, { operations }]) =>
      Object.values<ConnectorOperation>(operations).map(({ kind, description, input, identity, confirm, ...one }) => {
        const name = `${id}.${one.name}`;
        const texts = confirm === null ? null : compiledTexts(confirm);
        return [name, { name, kind, description, input, identity, confirm: texts }] as const;
      }),
    ),
  );

/** Compiles texts that were checked when their manifest was read. */
function compiledTexts(texts: Readonly<Record<string, string>>): TextsByLanguage {
  const compiled = Object.entries(texts).flatMap(([language, source]) => {
    const text = compileTemplate(source, { locate: () => ({ line: 1, column: 1 }) });
    return text.ok ? [[language, text.value] as const] : [];
  });
  return Object.fromEntries(compiled);
}

/** The part of a release that turns look things up in. */
export function releaseOf(content: ReleasedContent): Release {
  const before = releaseCache.get(content);
  if (before !== undefined) return before;
  const { id, workflows, procedures, settings, connectors } = content;
  const { queues, defaultQueue, limits } = settings;
  const operations = { writes: writesOf(connectors), operations: operationsOf(connectors) };
  const models = settings.models.large.length > 0;
  const release = { id, workflows, procedures, queues, defaultQueue, limits, models, ...operations };
  releaseCache.set(content, release);
  return release;
}
