/** Calls of a model in played scenarios: their number, estimated tokens, and how much of each a server has in its cache. */
import type { ModelRequest } from "../src/domain/model.ts";
import { startDialect } from "../src/model/dialect.ts";
import { estimateUsage } from "../src/model/estimate.ts";
import { bodyOf } from "../src/model/wire.ts";
import type { SpokenMessage } from "../src/procedure/prompt/conversation.ts";
import type { AppliedEvent } from "../src/simulation/stage.ts";
import { requestOf } from "../src/turn/asks/model.ts";
import type { ModelAsk } from "../src/turn/core/ask.ts";
import { isForCustomer } from "../src/turn/core/outcome.ts";
import { type Played, playScenarios } from "./played.ts";

/** Tag of the scenarios in which a scripted model leads through a procedure. */
const TAG = "model";

export interface PromptSizes {
  scenario: string;
  /** Turns of the customer, also those that needed no model. */
  turns: number;
  calls: number;
  /** Input tokens of all calls, as the gateway reserves them: a third of the bytes. */
  tokens: number;
  /** Share of the calls from the second turn on that repeats the beginning of the call before. */
  cached: number;
}

/** Plays every scenario with a scripted model. */
export async function promptSizes(home: string): Promise<PromptSizes[]> {
  const played = await playScenarios({ home, scenarios: (all) => all.filter(({ tags }) => tags.includes(TAG)) });
  return played.map(sizesOf);
}

interface Call {
  /** From 0. */
  turn: number;
  request: ModelRequest;
}

function sizesOf(played: Played): PromptSizes {
  const calls = callsOf(played);
  const texts = calls.map(({ request }) => JSON.stringify([request.tools, request.messages]));
  const pairs = calls.flatMap(({ turn }, at) => {
    const [before, text] = [texts[at - 1], texts[at]];
    return turn === 0 || before === undefined || text === undefined ? [] : [{ before, text }];
  });
  const repeated = sum(pairs.map(({ before, text }) => commonBeginning(before, text)));
  return {
    scenario: played.scenario,
    turns: played.turns.length,
    calls: calls.length,
    tokens: sum(calls.map(({ request }) => tokensOf(request))),
    cached: repeated / sum(pairs.map(({ text }) => text.length)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** Requests that the model was sent, with the conversation as it stood. */
function callsOf({ turns }: Played): Call[] {
  const said: SpokenMessage[] = [];
  return turns.flatMap((applied, turn) =>
    applied.flatMap((one) => {
      said.push(...spokenIn(one));
      return modelAsks(one).map((ask) => ({ turn, request: requestFor(ask, one, said) }));
    }),
  );
}

const modelAsks = ({ outcome }: AppliedEvent): ModelAsk[] =>
  outcome.asks.flatMap(({ request }) => (request.kind === "model" ? [request] : []));

function spokenIn({ event, outcome }: AppliedEvent): SpokenMessage[] {
  const bot = outcome.tells
    .filter(isForCustomer)
    .map(({ text }): SpokenMessage => ({ author: "bot", text, files: [] }));
  if (event.kind !== "message" && event.kind !== "choice") return bot;
  const files = event.kind === "message" ? event.attachments.map(({ name = "file" }) => name) : [];
  return [{ author: "customer", text: event.text, files }, ...bot];
}

function requestFor(ask: ModelAsk, { catalog }: AppliedEvent, said: readonly SpokenMessage[]): ModelRequest {
  const { id, procedures, operations } = catalog.live;
  const release = { id, procedures, operation: (name: string) => operations.get(name) ?? null, voice: "" };
  return requestOf(ask, { release, spoken: { messages: [...said], cut: false } });
}

function tokensOf(request: ModelRequest): number {
  const dialect = startDialect("https://api.openai.com/v1").now;
  const body = bodyOf(request, { model: "gpt-4.1", dialect, messages: request.messages });
  return estimateUsage(body, request.maxOutputTokens).input;
}

function commonBeginning(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}
