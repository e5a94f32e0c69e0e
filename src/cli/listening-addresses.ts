/** Lists the addresses at which the program answers, and who can reach each; for `start` and `doctor`. */
import { exposureOf } from "../admin/direct.ts";
import type { Config } from "../config.ts";

export interface ListeningAddress {
  what: "Playground" | "Webhooks" | "Files" | "Health" | "Metrics";
  at: string;
  who: string;
}

type ListenerUrls = { url: string; adminUrl: string };
type AddressConfig = Pick<Config, "host" | "adminHost" | "adminPort" | "publicUrl" | "playground">;

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

const HERE = "this machine only";
/** A proxy forwards the public name to this listener, so any connection may come from this machine. */
const isBehindProxy = ({ publicUrl, adminPort }: AddressConfig): boolean =>
  exposureOf(publicUrl) === "published" && adminPort === null;

/** Lists every address of the web server. `adminUrl` equals `url` when one listener serves everything. */
export function listeningAddresses(config: AddressConfig, { url, adminUrl }: ListenerUrls): ListeningAddress[] {
  const { host, publicUrl, playground } = config;
  const outside = publicUrl ?? url;
  const anybody = isLoopback(host)
    ? "this machine, and anything a proxy on it forwards"
    : `anyone who reaches ${describeHost(host)}`;
  return [
    ...(playground
      ? [
          {
            what: "Playground",
            at: `${adminUrl}/playground`,
            who: isBehindProxy(config) ? "by a link only" : `${HERE}, or by a link`,
          } as const,
        ]
      : []),
    { what: "Webhooks", at: `${outside}/channels/<channel>`, who: `${anybody}; signed by the platform` },
    { what: "Files", at: `${outside}/files/<token>/<name>`, who: `${anybody}; with a link that has not expired` },
    { what: "Health", at: `${outside}/health/live`, who: anybody },
    { what: "Metrics", at: `${adminUrl}/metrics, /health/ready`, who: metricsAudience(config) },
  ];
}

/** Readers of metrics and readiness: on a listener of their own its address decides. */
function metricsAudience(config: AddressConfig): string {
  const { adminPort, adminHost } = config;
  if (isBehindProxy(config)) return "browsers that opened the page by its link; set ADMIN_PORT for other readers";
  return adminPort === null || isLoopback(adminHost) ? HERE : `anyone who reaches ${describeHost(adminHost)}`;
}

function describeHost(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "this machine over any network" : host;
}

/** Builds the link that opens the playground once, under the listener's public name. */
export function playgroundLink(
  { publicUrl, adminPort }: AddressConfig,
  { adminUrl, token }: { adminUrl: string; token: string },
): string {
  const base = adminPort === null ? (publicUrl ?? adminUrl) : adminUrl;
  return `${base}/playground?token=${token}`;
}

/** Builds the configured URLs before anything listens; port 0 means any free one. */
export function listenerUrls({ host, port, adminHost, adminPort }: AddressConfig & Pick<Config, "port">): ListenerUrls {
  const url = `http://${urlHost(host)}:${port}`;
  return { url, adminUrl: adminPort === null ? url : `http://${urlHost(adminHost)}:${adminPort}` };
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
