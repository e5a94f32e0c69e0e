import type { InstalledChannel } from "../adapter/adapter.ts";
import type { Config } from "../config.ts";
import type { Settings } from "../content/settings.ts";

/** Describes a channel's place in this installation: its webhook URL, and the desk's queues if it is the desk. */
export function placementOf(
  { desk, queues }: Settings,
  channel: string,
  { publicUrl }: Pick<Config, "publicUrl">,
): InstalledChannel {
  return {
    webhookUrl: publicUrl === null ? null : `${publicUrl}/channels/${channel}`,
    queues: desk.channel === channel ? Object.values(queues) : null,
  };
}
