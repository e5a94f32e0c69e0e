import { createServer } from "node:http";
import { PORTS_TRIED } from "./limits.ts";

/** How a port is chosen, up to its number. */
export type PortSetting = "--port " | "ADMIN_PORT=";

/** The port is taken by another program. Its message names one that is free, for the command line to print. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
  readonly port: number;
  /** null where none of the next hundred is free. */
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

/** The first port above `port` on which we could really listen, found by doing so. */
export async function freePortAbove(port: number, host: string): Promise<number | null> {
  const last = Math.min(port + PORTS_TRIED, HIGHEST_PORT);
  for (let candidate = port + 1; candidate <= last; candidate++) {
    if (await canListen(candidate, host)) return candidate;
  }
  return null;
}

/** Throws PortInUseError where another program has the port; said before anything else is started. */
export async function requireFreePort(port: number, host: string, setting: PortSetting): Promise<void> {
  const refusal = port === 0 ? null : await listenRefusal(port, host);
  if (refusal === "EADDRINUSE") throw new PortInUseError(port, await freePortAbove(port, host), setting);
}

const canListen = async (port: number, host: string): Promise<boolean> => (await listenRefusal(port, host)) === null;

/** The system's code for why it can't be listened on; null where it can. */
function listenRefusal(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}
