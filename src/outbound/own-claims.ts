/**
 * The claims of this process, so that one whose answer was lost with the connection can be told from those that it works
 * on (E2).
 *
 * 1. A stream has one claim at a time on its way to the database; what is found there meanwhile is that claim's, or known.
 * 2. A claim is known from its answer until its outcome is stored. One whose outcome could not be stored stays known: its
 *    part may have left.
 *
 * It belongs to the process, like the number that its claims carry, whatever number of deliveries run in it.
 */
import type { ClaimedPart, Stream } from "../store/claim-parts.ts";
import type { LostClaim } from "../store/lost-claims.ts";

/** Ends of the claims on their way, by stream. */
const asking = new Map<string, Promise<unknown>>();
const known = new Set<string>();

const keyOf = ({ id, attempt }: LostClaim): string => `${id} ${attempt}`;
const claimOf = ({ id, attempts }: Pick<ClaimedPart, "id" | "attempts">): LostClaim => ({ id, attempt: attempts });

/** Claims a stream's next part after every claim of that stream before; its claim is known when this returns. */
export async function claimInTurn(
  { channel, thread }: Stream,
  claim: () => Promise<ClaimedPart | null>,
): Promise<ClaimedPart | null> {
  const stream = `${channel}\n${thread}`;
  const before = asking.get(stream);
  const claiming = (async () => {
    await before;
    const part = await claim();
    if (part !== null) known.add(keyOf(claimOf(part)));
    return part;
  })();
  const end = claiming.then(
    () => undefined,
    () => undefined,
  );
  asking.set(stream, end);
  try {
    return await claiming;
  } finally {
    if (asking.get(stream) === end) asking.delete(stream);
  }
}

/** True for a claim whose answer this process has. */
export const isKnown = (claim: LostClaim): boolean => known.has(keyOf(claim));

/** Forgets a claim whose outcome is stored. */
export const forget = (part: Pick<ClaimedPart, "id" | "attempts">): void => void known.delete(keyOf(claimOf(part)));
