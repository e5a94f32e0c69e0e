import { fileUrl } from "../compose/catalog.ts";
import type { Config } from "../config.ts";
import { renewFileLinks, revokeFileLinks } from "../store/file-links.ts";
import { FILE_LINK_LASTS_DAYS } from "../store/files.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { listenerUrls } from "./listening-addresses.ts";
import { withDatabase } from "./open-database.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** A token as `store/files.ts` makes it, alone or in a link. */
const TOKEN = /(?:^|\/files\/)([A-Za-z0-9_-]{22})(?:\/|$)/;
const CONVERSATION = /^[1-9]\d{0,15}$/;

/** `frontdesk files`: prints new links to a conversation's files, or revokes links. */
export async function filesCommand(args: Arguments, world: World): Promise<Exit> {
  const [act, what, ...rest] = args.positionals;
  if (what === undefined || rest.length > 0)
    throw new UsageError("files takes links or revoke, and one conversation, link or token.");
  const { config } = configurationOf(args, world);
  const call = { args, world, config };
  if (act === "links") return links(what, call);
  if (act === "revoke") return revoke(what, call);
  throw new UsageError(`There is no files ${act}; use links or revoke.`);
}

interface Call {
  args: Arguments;
  world: World;
  config: Config;
}

async function links(what: string, { args, world, config }: Call): Promise<Exit> {
  if (!CONVERSATION.test(what)) throw new UsageError(`${what} is not the number of a conversation.`);
  const kept = await withDatabase(config, (db) => renewFileLinks(db, Number(what)));
  const url = fileUrl({ publicUrl: config.publicUrl ?? listenerUrls(config).url });
  const found = kept.map((file) => ({ name: file.name, url: url(file) }));
  if (args.has("json")) world.out.write(`${JSON.stringify(found)}\n`);
  else if (found.length === 0) world.out.write(`Conversation ${what} has no stored files.\n`);
  else world.out.write(found.map((file) => `${file.name}  ${file.url}\n`).join("") + LAST);
  return found.length === 0 ? EXIT.failed : EXIT.ok;
}

const LAST = `Valid for ${FILE_LINK_LASTS_DAYS} days.\n`;

async function revoke(what: string, { args, world, config }: Call): Promise<Exit> {
  const token = TOKEN.exec(what)?.[1];
  const of = CONVERSATION.test(what) ? { conversation: Number(what) } : token === undefined ? null : { token };
  if (of === null) throw new UsageError(`${what} is neither the number of a conversation nor a link to a file.`);
  const revoked = await withDatabase(config, (db) => revokeFileLinks(db, of));
  const message = `${revoked} ${revoked === 1 ? "link" : "links"} revoked.`;
  world.out.write(args.has("json") ? `${JSON.stringify({ revoked })}\n` : `${message}\n`);
  return revoked === 0 ? EXIT.failed : EXIT.ok;
}
