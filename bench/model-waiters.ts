/**
 * Latency of conversations that need no model while others wait for one (G8): in turn, customers write at a low rate with
 * and without so many conversations that wait for the answer of a model.
 */
import { atMost, type Goal } from "./goal.ts";
import { WAITING_HOME } from "./home.ts";
import type { Sizes } from "./measurement.ts";
import type { Platform } from "./platform.ts";
import { CONNECTIONS } from "./rate.ts";
import { range } from "./report.ts";
import { openStage } from "./stage.ts";
import { quantile, spread } from "./statistics.ts";
import { openLine, type SlowModel, type Subject, startPlatform, startSlowModel } from "./subjects.ts";

/** Time that the model takes, as in the goal. */
const MODEL_MS = 10_000;
/** Goal of G8. */
const P95_TIMES = 1.2;
/** Low, so that no queue is measured; so many that a p95 rests on fifteen messages. */
const OTHERS = { messages: 300, perSecond: 50 };
/** The text that `waiting-home/workflows/question.yaml` leaves to a model. */
const QUESTION = "How does it work?";

/** p95 from POST to delivered of the others, milliseconds, in each round. */
interface Beside {
  waiting: number;
  alone: number[];
  beside: number[];
}

export interface ModelWaiters {
  figures: Beside;
  lines: readonly string[];
  goals: readonly Goal[];
}

export async function measureModelWaiters({ modelWaiting: waiting, rounds, say }: Sizes): Promise<ModelWaiters> {
  await using stage = await openStage();
  await using platform = await startPlatform();
  await using model = await startSlowModel(MODEL_MS);
  const databaseUrl = await stage.database("waiters");
  const env = { BENCH_MODEL_URL: model.url };
  await using line = await openLine({ stage, databaseUrl, platform, redisDatabase: 1, home: WAITING_HOME, env });
  const scene = { platform, model, line, waiting };
  const figures: Beside = { waiting, alone: [], beside: [] };
  await p95(scene);
  await besideWaiting(scene);
  for (let n = 1; n <= rounds; n++) {
    const order = n % 2 === 0 ? (["beside", "alone"] as const) : (["alone", "beside"] as const);
    for (const name of order) figures[name].push(await (name === "alone" ? p95(scene) : besideWaiting(scene)));
    say(`waiting ${n} of ${rounds}: ${figures.alone.at(-1)?.toFixed(1)} ms, ${figures.beside.at(-1)?.toFixed(1)} ms`);
  }
  return { figures, ...told(figures) };
}

interface Scene {
  platform: Platform;
  model: SlowModel;
  line: Subject;
  waiting: number;
}

async function p95({ platform, line }: Pick<Scene, "platform" | "line">): Promise<number> {
  const { messages, perSecond } = OTHERS;
  const posting = { messages, threads: messages, connections: CONNECTIONS, perSecond };
  const { endToEndMs } = await platform.post({ target: line.url, ...posting });
  return quantile(endToEndMs, 0.95);
}

async function besideWaiting({ platform, model, line, waiting }: Scene): Promise<number> {
  const posting = { messages: waiting, threads: waiting, connections: CONNECTIONS, perSecond: null };
  await platform.post({ target: line.url, ...posting, text: QUESTION, until: "acknowledged" });
  await model.held(waiting);
  const reached = await p95({ platform, line });
  await model.release();
  // Each of those who waited got the model's answer.
  await platform.delivered(OTHERS.messages + waiting);
  return reached;
}

function told({ waiting, alone, beside }: Beside): Pick<ModelWaiters, "lines" | "goals"> {
  const times = spread(beside.map((ms, at) => ms / (alone[at] ?? Number.NaN)));
  const of = `times the p95 from POST to delivered while ${waiting} conversations wait for a model`;
  return {
    lines: [
      `others, POST to delivered, p95 of ${OTHERS.messages} messages, ${OTHERS.perSecond} a second (min–median–max of the rounds)`,
      `  alone                      ${range(spread(alone), 1)} ms`,
      `  beside ${String(waiting).padEnd(5)} waiting       ${range(spread(beside), 1)} ms`,
      `  times                      ${range(times, 2)}`,
    ],
    goals: [atMost("G8", times.median, { bound: P95_TIMES, of })],
  };
}
