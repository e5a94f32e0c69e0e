import { readContent } from "../content/read.ts";
import { type ChannelSettings, parseSettings, SETTINGS_FILE } from "../content/settings.ts";
import type { Configuration } from "./configuration.ts";

/** Reads the channels of frontdesk.yaml; none when the file is missing or faulty. */
export async function readChannelSettings({ config }: Configuration): Promise<readonly ChannelSettings[]> {
  const { files } = await readContent(config.home);
  return Object.values(parseSettings(files[SETTINGS_FILE] ?? "").settings?.channels ?? {});
}
