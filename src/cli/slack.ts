import { stringify } from "yaml";
import { loadAdapter } from "../adapter/registry.ts";
import { readContent } from "../content/read.ts";
import { parseSettings, SETTINGS_FILE, type Settings } from "../content/settings.ts";
import { own } from "../lib/own.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { placementOf } from "./placement.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

const ADAPTER = "slack";
const APP_NAME = "Frontdesk";

const HEAD = `# Slack app manifest for https://api.slack.com/apps: Create New App, From a manifest (or App Manifest of an existing
# app). Generated from frontdesk.yaml; run this again when channels, queues or PUBLIC_URL change.
`;

const FIRST = `There is no channel with adapter: slack in frontdesk.yaml yet. Add one:

channels:
  slack:
    adapter: slack
    bot_token: "env:SLACK_BOT_TOKEN"
    app_token: "env:SLACK_APP_TOKEN"

The tokens come later, with the app. See channels/slack/README.md.
`;

/** `frontdesk slack manifest`: prints the app manifest as YAML, or as JSON with --json. */
export async function slackCommand(args: Arguments, world: World): Promise<Exit> {
  const [what, ...more] = args.positionals;
  if (what !== "manifest" || more.length > 0) {
    throw new UsageError(
      what === undefined
        ? "Say what to print: manifest."
        : `There is no “slack ${args.positionals.join(" ")}”; use “slack manifest”.`,
    );
  }
  const { config } = configurationOf(args, world);
  const { files } = await readContent(config.home);
  const { settings } = parseSettings(files[SETTINGS_FILE] ?? "");
  if (settings === null) {
    world.err.write(`${SETTINGS_FILE} in ${config.home} can't be read; run frontdesk check.\n`);
    return EXIT.failed;
  }
  const name = channelOf(settings, args.flag("channel"));
  if (name === null) {
    world.err.write(FIRST);
    return EXIT.failed;
  }
  const { setup } = await loadAdapter(world.adapters, ADAPTER);
  const entry = own(settings.channels, name)?.entry ?? {};
  const app = args.flag("name") ?? APP_NAME;
  const made = setup?.manifest?.(entry, { ...placementOf(settings, name, config), name: app });
  world.out.write(args.has("json") ? `${JSON.stringify(made, null, 2)}\n` : HEAD + stringify(made));
  return EXIT.ok;
}

/** Chooses the Slack channel; null when there is none. Throws UsageError when it is ambiguous or unknown. */
function channelOf({ channels }: Settings, wanted: string | undefined): string | null {
  const names = Object.values(channels).flatMap(({ name, adapter }) => (adapter === ADAPTER ? [name] : []));
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new UsageError(`No channel “${wanted}” has adapter: slack; these have: ${names.join(", ") || "none"}.`);
  }
  if (wanted === undefined && names.length > 1) {
    throw new UsageError(`Say which channel with --channel: ${names.join(", ")}.`);
  }
  return wanted ?? names[0] ?? null;
}
