/**
 * Looks up addresses, once for all callers who ask for a name at the same time. The system's resolver has four threads
 * (libuv), so that a few callers of one name whose server hangs would make all others wait.
 */
import { type LookupAddress, type LookupOptions, lookup } from "node:dns";

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
type Options = Pick<LookupOptions, "family" | "hints">;
type Resolve = (hostname: string, options: Options & { all: true }, found: Found) => void;

/** Resolves a host name to all its addresses. */
export type LookUp = (hostname: string, options: Options, found: Found) => void;

export function createLookUp(resolve: Resolve = lookup): LookUp {
  /** Look-ups under way, with those who wait for them. */
  const underWay = new Map<string, Found[]>();
  return (hostname, { family = 0, hints = 0 }, found) => {
    const key = `${hostname} ${family} ${hints}`;
    const others = underWay.get(key);
    if (others !== undefined) return void others.push(found);
    const waiting = [found];
    underWay.set(key, waiting);
    resolve(hostname, { family, hints, all: true }, (error, addresses) => {
      underWay.delete(key);
      for (const one of waiting) one(error, addresses);
    });
  };
}
