import type { Config } from "../../config.ts";
import type { Settings } from "../../content/settings.ts";
import { isInternalHost } from "../../lib/internal-host.ts";
import { loadNamed } from "../content-check.ts";
import type { World } from "../world.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

/** Lists the webhook URL to set at the platform of each channel. */
export async function checkWebhooks(
  { channels }: Settings,
  { config, world }: { config: Config; world: World },
): Promise<Finding[]> {
  const all = Object.values(channels);
  const adapters = await loadNamed(new Set(all.map(({ adapter }) => adapter)), world.adapters);
  // Adapters with their own setup check report this themselves.
  const receiving = all.filter(({ adapter: name }) => {
    const adapter = adapters.get(name);
    if (adapter?.ownPage) return false;
    return adapter?.webhook !== undefined && adapter.setup?.checkSetup === undefined;
  });
  if (receiving.length === 0) return [fine("webhooks", "no channel receives webhooks")];
  if (config.publicUrl === null) {
    const names = receiving.map(({ name }) => name).join(", ");
    const fix = 'Set PUBLIC_URL to the address of this server on the internet, like "https://desk.example".';
    return [problem("webhooks", `platforms can't reach ${names}: PUBLIC_URL is not set`, fix)];
  }
  return [
    ...receiving.map(({ name, adapter }) => webhookFinding(`${config.publicUrl}/channels/${name}`, name, adapter)),
    ...checkPublicUrl(new URL(config.publicUrl)),
  ];
}

/** The platform's setting can't be read, so this is a value to compare, not a fault. */
function webhookFinding(url: string, name: string, adapter: string): Finding {
  return fine("webhooks", `channel ${name}: set ${url} at its platform, as POST; see channels/${adapter}/README.md`);
}

function checkPublicUrl({ protocol, hostname }: URL): Finding[] {
  if (isInternalHost(hostname)) {
    const fix = "Set PUBLIC_URL to an address on the internet, or run a tunnel and set its address.";
    return [warning("webhooks", `PUBLIC_URL is on ${hostname}, which platforms can't reach`, fix)];
  }
  if (protocol === "https:") return [];
  return [
    warning(
      "webhooks",
      "PUBLIC_URL is http",
      "Put TLS in front: messages travel unencrypted, and most platforms require https.",
    ),
  ];
}
