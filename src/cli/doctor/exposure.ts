import type { Config } from "../../config.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** The playground has no login: anybody who can reach it may act as any customer and any operator of its channels. */
export function examineExposure({ playground, host, production }: Config): Finding[] {
  if (!playground) return [fine("exposure", "the playground is off")];
  if (LOOPBACK.has(host)) return [fine("exposure", "the playground is on, for this machine only")];
  const mend = "Set FRONTDESK_PLAYGROUND=off, or HOST=127.0.0.1.";
  const says = `the playground is on and listens on ${host}, without a login`;
  return [production ? problem("exposure", says, mend) : warning("exposure", says, mend)];
}
