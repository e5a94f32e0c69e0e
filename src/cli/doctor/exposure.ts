import type { Config } from "../../config.ts";
import { isLoopback, listenerUrls, listeningAddresses } from "../listening-addresses.ts";
import { type Finding, fine, warning } from "./finding.ts";

/** Who can reach what, address by address, and what would make that safer. */
export function checkExposure(config: Config): Finding[] {
  if (config.role === "worker") return [];
  const reached = listeningAddresses(config, listenerUrls(config)).map(({ what, at, who }) =>
    fine("exposure", `${what}: ${at}: ${who}`),
  );
  return [...reached, ...oneListener(config), ...openNumbers(config)];
}

/** A proxy that is told to pass on everything makes its strangers look local where it adds no header. */
function oneListener({ production, adminPort }: Config): Finding[] {
  if (!production || adminPort !== null) return [];
  const message =
    "one listener carries what the internet may see and what it must not (metrics, readiness, playground)";
  return [
    warning("exposure", message, "Set ADMIN_PORT, so that PORT has only webhooks, files by link and /health/live."),
  ];
}

function openNumbers({ adminPort, adminHost }: Config): Finding[] {
  if (adminPort === null || isLoopback(adminHost)) return [];
  const message = `ADMIN_HOST is ${adminHost}: whoever reaches it reads /metrics and /health/ready without a login`;
  return [warning("exposure", message, "Name an address of a private network, and keep that port from the internet.")];
}
