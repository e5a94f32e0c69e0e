/** One readiness check. Resolves with a message for people; throws NotReady or another error. */
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
  /** Without one of these nothing can be stored: the process is not ready. */
  needed: Readonly<Record<string, Probe>>;
  /** Without one of these work takes longer, but messages are still accepted. */
  wanted: Readonly<Record<string, Probe>>;
}

/** A failed check whose message may be shown to anybody. */
export class NotReady extends Error {
  override readonly name = "NotReady";
}

/** Time-out of a probe; load balancers ask every few seconds. */
const PROBE_WITHIN_MS = 2_000;

/** Runs all probes concurrently. Never rejects. */
export async function checkReadiness({ needed, wanted }: Probes, withinMs = PROBE_WITHIN_MS): Promise<Readiness> {
  const [must, should] = await Promise.all([runProbes(needed, withinMs), runProbes(wanted, withinMs)]);
  return { ok: Object.values(must).every((check) => check.ok), checks: { ...must, ...should } };
}

async function runProbes(probes: Readonly<Record<string, Probe>>, withinMs: number): Promise<Record<string, Check>> {
  const results = Object.entries(probes).map(async ([name, probe]) => [name, await runProbe(probe, withinMs)] as const);
  return Object.fromEntries(await Promise.all(results));
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

/** Readiness may be public: a driver's message names hosts and users, so only its code is shown. */
function describeFailure(error: unknown): string {
  if (error instanceof NotReady) return error.message;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "no code";
  return `does not answer (${code})`;
}
