import type { Config } from "../../config.ts";
import { isLoopback, listenerUrls, listeningAddresses } from "../listening-addresses.ts";
import { type Finding, fine, warning } from "./finding.ts";

/** Lists who can reach each address, with warnings for risky settings. */
export function checkExposure(config: Config): Finding[] {
  if (config.role === "worker") return [];
  const listed = listeningAddresses(config, listenerUrls(config)).map(({ what, at, who }) =>
    fine("exposure", `${what}: ${at}: ${who}`),
  );
  return [...listed, ...oneListener(config), ...openMetrics(config)];
}

/** Warns about one listener for everything: behind a proxy that adds no header, strangers look local. */
function oneListener({ production, adminPort }: Config): Finding[] {
  if (!production || adminPort !== null) return [];
  const message = "one listener serves public paths and private ones (metrics, readiness, playground)";
  return [
    warning("exposure", message, "Set ADMIN_PORT, so that PORT has only webhooks, files by link and /health/live."),
  ];
}

function openMetrics({ adminPort, adminHost }: Config): Finding[] {
  if (adminPort === null || isLoopback(adminHost)) return [];
  const message = `ADMIN_HOST is ${adminHost}: anyone who reaches it reads /metrics and /health/ready without a login`;
  return [warning("exposure", message, "Use an address of a private network, and block that port from the internet.")];
}
