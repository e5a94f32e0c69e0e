/** The gateway to language models: the models of a tier are tried in order, within budgets that all workers share. */
import type { ModelRequest, ModelResult, UnavailableReason } from "../domain/model.ts";
import type { ModelLimits, ModelTier } from "../domain/model-settings.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { createSlots } from "../lib/slots.ts";
import type { Db } from "../store/db.ts";
import type { BudgetScope } from "../store/model-calls.ts";
import { findAnswer, keepAnswer } from "./cached.ts";
import { type Endpoint, type ResolvedModel, usable } from "./endpoint.ts";
import { createGates } from "./gates.ts";
import { consequenceOf, type FaultOutcome } from "./outcome.ts";
import { type CompleteOptions, type Run, startRun } from "./run.ts";
import { askModel, type ModelEnd, type TriesDeps } from "./tries.ts";

/**
 * Our choice: the day's budget lets one reservation through at a time, and a second one is ready when it ends. More would only
 * hold connections, which heartbeats and other conversations need (store/model-calls.ts).
 */
const RESERVATIONS_AT_ONCE = 2;

export interface ModelGateway {
  /** Asks the models of the request's tier. Throws errors of the database only. */
  complete(request: ModelRequest, options: CompleteOptions): Promise<ModelResult>;
  /** True while a model of this tier is configured and not known to be down. */
  available(tier: ModelTier): boolean;
}

export interface GatewayDeps {
  db: Db;
  log: Logger;
  meter: Meter;
  /** The live models of frontdesk.yaml. */
  models: () => { resolved: readonly ResolvedModel[]; limits: ModelLimits };
  /** From 0 up to 1; default: random. */
  chance?: () => number;
  /** A clock that nobody sets; default: the process's. */
  nowMs?: () => number;
}

/** Creates the gateway of one process; what it knows of servers that are down is this process's own. */
export function createGateway(deps: GatewayDeps): ModelGateway {
  const { chance = Math.random, nowMs = () => performance.now() } = deps;
  const gates = createGates();
  const throttle = createLogThrottle();
  const tries: TriesDeps = { ...deps, chance, nowMs, reserving: createSlots(RESERVATIONS_AT_ONCE) };
  const ask = async (run: Run, endpoint: Endpoint, last: boolean): Promise<ModelEnd> => {
    const end = await askModel(tries, run, { endpoint, gate: gates(endpoint), last });
    if (end.kind === "answered") return end;
    const more = throttle(endpoint.model);
    if (more !== null) deps.log.warn({ ...failureFields(run, endpoint, end), ...more }, "model gave no answer");
    return end;
  };
  return {
    available: (tier) => usable(deps.models().resolved, tier).some((one) => !gates(one).pauses(nowMs())),
    async complete(request, options) {
      const begunMs = nowMs();
      const { resolved, limits } = deps.models();
      const endpoints = usable(resolved, request.tier);
      if (endpoints.length === 0) return noModel(request.tier);
      const known = await findAnswer(deps.db, request, endpoints);
      if (known !== null) {
        deps.meter.countModelCall(known.model, "cached");
        return commands(known, { spent: NOTHING_SPENT, tookMs: nowMs() - begunMs });
      }
      const run = startRun(request, { ...options, limits, nowMs });
      try {
        return await askInOrder({ db: deps.db, run, endpoints, ask, tookMs: () => nowMs() - begunMs });
      } finally {
        run.stop();
      }
    },
  };
}

interface Asking {
  db: Db;
  run: Run;
  endpoints: readonly Endpoint[];
  ask: (run: Run, endpoint: Endpoint, last: boolean) => Promise<ModelEnd>;
  tookMs: () => number;
}

async function askInOrder({ db, run, endpoints, ask, tookMs }: Asking): Promise<ModelResult> {
  let result: ModelResult = noModel(run.request.tier);
  for (const [n, endpoint] of endpoints.entries()) {
    const end = await ask(run, endpoint, n === endpoints.length - 1);
    if (end.kind === "answered") {
      await keepAnswer(db, { request: run.request, endpoint, answer: end.raw });
      return commands({ model: endpoint.model, answer: end.parsed }, { spent: run.spent, tookMs: tookMs() });
    }
    result = unavailableOf(run, end);
    if (end.kind === "failed" && consequenceOf(end.fault.outcome).next === "end") return result;
    if (run.signal.aborted) return result;
  }
  return result;
}

const NOTHING_SPENT: Run["spent"] = { usage: { input: 0, cached: 0, output: 0 }, costUsd: 0 };

function commands(
  { model, answer }: NonNullable<Awaited<ReturnType<typeof findAnswer>>>,
  { spent, tookMs }: { spent: Run["spent"]; tookMs: number },
): ModelResult {
  return { kind: "commands", ...answer, ...spent, model, tookMs };
}

const unavailable = (reason: UnavailableReason, message: string): ModelResult => ({
  kind: "unavailable",
  reason,
  message,
});

const noModel = (tier: ModelTier): ModelResult =>
  unavailable("no_model", `No model can be asked: list one under models: ${tier}: in frontdesk.yaml, with its key.`);

type Failed = Exclude<ModelEnd, { kind: "answered" }>;

function unavailableOf(run: Run, end: Failed): ModelResult {
  switch (end.kind) {
    case "denied":
      return unavailable("budget", budgetMessage(run, end.scope));
    case "failed":
      return unavailable(REASONS[end.fault.outcome] ?? "down", end.fault.message);
  }
}

const REASONS: Readonly<Partial<Record<FaultOutcome, UnavailableReason>>> = {
  refused: "refused",
  too_long: "too_long",
  cancelled: "cancelled",
};

function budgetMessage({ request, limits }: Run, scope: BudgetScope): string {
  switch (scope) {
    case "day":
      return `Today's budget for models is used up (limits: cost_per_day_usd ${limits.costPerDayUsd ?? "none"}, tokens_per_day ${limits.tokensPerDay ?? "none"}).`;
    case "conversation":
      return `The conversation's budget for models is used up (limits: cost_per_conversation_usd ${limits.costPerConversationUsd ?? "none"}, tokens_per_conversation ${limits.tokensPerConversation ?? "none"}).`;
    case "procedure":
      return `The budget of the procedure ${request.procedure?.id ?? ""} is used up (limits: cost_usd ${request.procedure?.costUsd ?? "none"}).`;
  }
}

function failureFields({ request }: Run, { model }: Endpoint, end: Failed) {
  const { conversation, tier } = request;
  const facts = { conversation, tier, model };
  switch (end.kind) {
    case "denied":
      return { ...facts, outcome: "denied", scope: end.scope };
    case "failed":
      return { ...facts, outcome: end.fault.outcome, reason: end.fault.message };
  }
}
