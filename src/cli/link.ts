import { makePageLink } from "../store/page-links.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { listenerUrls, playgroundLink } from "./listening-addresses.ts";
import { withDatabase } from "./open-database.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** `frontdesk link`: prints another link to the playground of a server that runs on this database. */
export async function linkCommand(args: Arguments, world: World): Promise<Exit> {
  if (args.positionals.length > 0) throw new UsageError(`Unexpected argument ${args.positionals[0]}.`);
  const { config } = configurationOf(args, world);
  if (!config.playground) {
    world.err.write("frontdesk: the playground is off; set FRONTDESK_PLAYGROUND=on and start again.\n");
    return EXIT.failed;
  }
  const token = await withDatabase(config, makePageLink);
  const url = playgroundLink(config, { ...listenerUrls(config), token });
  world.out.write(args.has("json") ? `${JSON.stringify({ url })}\n` : `${url}\n`);
  return EXIT.ok;
}
