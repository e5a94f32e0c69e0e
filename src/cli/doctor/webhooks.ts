import type { Config } from "../../config.ts";
import type { Settings } from "../../content/settings.ts";
import { loadNamed } from "../content-check.ts";
import type { World } from "../world.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

/** For each channel that a platform calls: the address to set there. */
export async function checkWebhooks(
  { channels }: Settings,
  { config, world }: { config: Config; world: World },
): Promise<Finding[]> {
  const all = Object.values(channels);
  const adapters = await loadNamed(new Set(all.map(({ adapter }) => adapter)), world.adapters);
  // One that looks for itself knows whether it is called at all.
  const called = all.filter(({ adapter: name }) => {
    const adapter = adapters.get(name);
    if (adapter?.ownPage) return false;
    return adapter?.webhook !== undefined && adapter.setup?.checkSetup === undefined;
  });
  if (called.length === 0) return [fine("webhooks", "no channel is called by a platform")];
  if (config.publicUrl === null) {
    const names = called.map(({ name }) => name).join(", ");
    const fix = 'Set PUBLIC_URL to the address of this server on the internet, like "https://desk.example".';
    return [problem("webhooks", `platforms can't reach ${names}: PUBLIC_URL is not set`, fix)];
  }
  return [
    ...called.map(({ name, adapter }) => webhookFinding(`${config.publicUrl}/channels/${name}`, name, adapter)),
    ...checkPublicUrl(new URL(config.publicUrl)),
  ];
}

/** We can't see what is set at the platform, so this is a thing to compare, not a fault. */
function webhookFinding(url: string, name: string, adapter: string): Finding {
  return fine("webhooks", `channel ${name}: set ${url} at its platform, as POST; see channels/${adapter}/README.md`);
}

function checkPublicUrl({ protocol, hostname }: URL): Finding[] {
  const local = hostname === "localhost" || /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(hostname);
  if (local) {
    const fix = "Set PUBLIC_URL to an address on the internet, or run a tunnel and set its address.";
    return [warning("webhooks", `PUBLIC_URL is on ${hostname}, which platforms can't reach`, fix)];
  }
  if (protocol === "https:") return [];
  return [
    warning(
      "webhooks",
      "PUBLIC_URL is http",
      "Put TLS in front: messages travel in plain, and most platforms want https.",
    ),
  ];
}
