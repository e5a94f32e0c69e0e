/** Which address serves what, and who can reach it: the same words for `start` and `doctor`. */
import { listenerFor } from "../admin/direct.ts";
import type { Config } from "../config.ts";

export interface Reached {
  what: "Playground" | "Webhooks" | "Files" | "Health" | "Metrics";
  at: string;
  who: string;
}

type Places = { url: string; adminUrl: string };
type Reach = Pick<Config, "host" | "adminHost" | "adminPort" | "publicUrl" | "playground">;

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

const HERE = "this machine only";
/** A proxy passes the public name on to this listener, so a connection from this machine says nothing. */
const published = ({ publicUrl, adminPort }: Reach): boolean =>
  listenerFor(publicUrl) === "published" && adminPort === null;

/** Every address of the web server. `adminUrl` is `url` where one listener carries everything. */
export function reach(config: Reach, { url, adminUrl }: Places): Reached[] {
  const { host, publicUrl, playground } = config;
  const outside = publicUrl ?? url;
  const anybody = isLoopback(host)
    ? "this machine, and whatever a proxy on it passes on"
    : `whoever reaches ${named(host)}`;
  return [
    ...(playground
      ? [
          {
            what: "Playground",
            at: `${adminUrl}/playground`,
            who: published(config) ? "by a link only" : `${HERE}, or by a link`,
          } as const,
        ]
      : []),
    { what: "Webhooks", at: `${outside}/channels/<channel>`, who: `${anybody}; signed by the platform` },
    { what: "Files", at: `${outside}/files/<token>/<name>`, who: `${anybody}; with a link that has not expired` },
    { what: "Health", at: `${outside}/health/live`, who: anybody },
    { what: "Metrics", at: `${adminUrl}/metrics, /health/ready`, who: numbersFor(config) },
  ];
}

/** On a listener of their own the address decides. */
function numbersFor(config: Reach): string {
  const { adminPort, adminHost } = config;
  if (published(config)) return "who opened the page by its link; set ADMIN_PORT to read them otherwise";
  return adminPort === null || isLoopback(adminHost) ? HERE : `whoever reaches ${named(adminHost)}`;
}

function named(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "this machine over any network" : host;
}

/** The link that opens the page once, under the name by which other machines know that listener. */
export function pageLink(
  { publicUrl, adminPort }: Reach,
  { adminUrl, token }: { adminUrl: string; token: string },
): string {
  const base = adminPort === null ? (publicUrl ?? adminUrl) : adminUrl;
  return `${base}/playground?token=${token}`;
}

/** The addresses before anything listens; a port that is 0 is any free one. */
export function placesOf({ host, port, adminHost, adminPort }: Reach & Pick<Config, "port">): Places {
  const url = `http://${urlHost(host)}:${port}`;
  return { url, adminUrl: adminPort === null ? url : `http://${urlHost(adminHost)}:${adminPort}` };
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
