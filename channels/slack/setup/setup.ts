/** Setup of a Slack app, for the command line and the doctor. */
import { z } from "zod";
import type { InstalledChannel, Setup } from "../../../src/adapter/adapter.ts";
import type { SlackConfig } from "../config.ts";
import { checkSetup } from "./check-setup.ts";
import { MAX_APP_NAME_CHARACTERS, manifest } from "./manifest.ts";
import type { Needs } from "./scopes.ts";

/** Fields of the channel's entry that the manifest depends on; before there is an app there are no tokens. */
const Entry = z.object({
  app_token: z.unknown().optional(),
  agent_view: z.boolean().catch(false),
  mirror: z.string().catch("username"),
});

export const setup: Setup<SlackConfig> = {
  manifest(entry, { name, ...placed }) {
    const { length } = name;
    if (length === 0 || length > MAX_APP_NAME_CHARACTERS) {
      throw new Error(`The app's name must have 1 to ${MAX_APP_NAME_CHARACTERS} characters; “${name}” has ${length}.`);
    }
    const { app_token, agent_view, mirror } = Entry.parse(entry);
    const socket = app_token !== undefined;
    if (!socket && placed.webhookUrl?.startsWith("https://") !== true) {
      throw new Error(
        "Slack calls an https address: set PUBLIC_URL to this server's address. " +
          'Or use Socket Mode, which needs no address: add app_token: "env:SLACK_APP_TOKEN" to the channel.',
      );
    }
    const url = socket ? null : placed.webhookUrl;
    return manifest({ name, url, needs: needsOf({ agent_view, mirror }, placed) });
  },
  checkSetup: (config, o) => checkSetup(config, { ...o, needs: needsOf(config, o) }),
};

function needsOf({ agent_view, mirror }: { agent_view: boolean; mirror: string }, { queues }: InstalledChannel): Needs {
  const desk = queues !== null;
  return {
    desk,
    names: desk && mirror === "username",
    usergroups: queues?.some(({ members }) => typeof members === "object" && "usergroup" in members) ?? false,
    agentView: agent_view,
  };
}
