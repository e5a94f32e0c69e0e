/** One thing to ask. Resolves with words for a person; throws NotReady, or whatever else happened. */
export type Probe = () => Promise<string>;

export interface Readiness {
  ok: boolean;
  checks: Record<string, Check>;
}

interface Check {
  ok: boolean;
  message: string;
}

interface Probes {
  /** Without one of these nothing can be stored: send no traffic. */
  needed: Readonly<Record<string, Probe>>;
  /** Without one of these work takes longer: worth a look, no reason to turn messages away. */
  wanted: Readonly<Record<string, Probe>>;
}

/** Why something is not ready, in words that anybody may read. */
export class NotReady extends Error {
  override readonly name = "NotReady";
}

/** A probe that hangs counts as one that failed; load balancers ask every few seconds. */
const PROBE_WITHIN_MS = 2_000;

/** Asks every probe at once. Never rejects. */
export async function checkReadiness({ needed, wanted }: Probes, withinMs = PROBE_WITHIN_MS): Promise<Readiness> {
  const [must, should] = await Promise.all([runProbes(needed, withinMs), runProbes(wanted, withinMs)]);
  return { ok: Object.values(must).every((check) => check.ok), checks: { ...must, ...should } };
}

async function runProbes(probes: Readonly<Record<string, Probe>>, withinMs: number): Promise<Record<string, Check>> {
  const asked = Object.entries(probes).map(async ([name, probe]) => [name, await runProbe(probe, withinMs)] as const);
  return Object.fromEntries(await Promise.all(asked));
}

async function runProbe(probe: Probe, withinMs: number): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotReady(`gave no answer within ${withinMs} ms`)), withinMs);
  });
  try {
    return { ok: true, message: await Promise.race([probe(), tooLate]) };
  } catch (error) {
    return { ok: false, message: describeFailure(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Anybody may ask for our health: a driver's own words name hosts and users, so only its code is shown. */
function describeFailure(error: unknown): string {
  if (error instanceof NotReady) return error.message;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "no code";
  return `does not answer (${code})`;
}
