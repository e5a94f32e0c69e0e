import { createServer } from "node:http";
import { PORTS_TRIED } from "./limits.ts";

/** The setting of a port, without its number. */
export type PortSetting = "--port " | "ADMIN_PORT=";

/** The port is taken by another program. The message names a free one. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
  readonly port: number;
  /** null when none of the next hundred is free. */
  readonly free: number | null;

  constructor(port: number, free: number | null, setting: PortSetting = "--port ") {
    super(
      free === null
        ? `Port ${port} is in use, and so are the next ${PORTS_TRIED}.`
        : `Port ${port} is in use; try ${setting}${free}`,
    );
    this.port = port;
    this.free = free;
  }
}

const HIGHEST_PORT = 65_535;

/** Finds the first free port above `port` by listening on it. */
export async function freePortAbove(port: number, host: string): Promise<number | null> {
  const last = Math.min(port + PORTS_TRIED, HIGHEST_PORT);
  for (let candidate = port + 1; candidate <= last; candidate++) {
    if (await canListen(candidate, host)) return candidate;
  }
  return null;
}

/** Throws PortInUseError when the port is taken. */
export async function requireFreePort(port: number, host: string, setting: PortSetting): Promise<void> {
  const refusal = port === 0 ? null : await listenRefusal(port, host);
  if (refusal === "EADDRINUSE") throw new PortInUseError(port, await freePortAbove(port, host), setting);
}

const canListen = async (port: number, host: string): Promise<boolean> => (await listenRefusal(port, host)) === null;

/** Tries to listen; returns the system's error code, or null on success. */
function listenRefusal(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}
