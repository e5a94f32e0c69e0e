/**
 * The server of a language model, in a separate process: it answers every request with the same two tool calls, no sooner
 * than after a while, and not before it is told to.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { answerCalls } from "../calls.ts";

export type SlowModelCalls = typeof calls;

interface Held {
  response: ServerResponse;
  at: number;
}

const REPLY = { text: "You write to us, and we look after it." };
const CALLS = [toolCall("reply", REPLY), toolCall("end", { outcome: "answered" })];
const BODY = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  choices: [
    { index: 0, finish_reason: "tool_calls", message: { role: "assistant", content: null, tool_calls: CALLS } },
  ],
  usage: { prompt_tokens: 2_000, completion_tokens: 40, total_tokens: 2_040 },
});

let waiting: Held[] = [];
let delayMs = 0;
let onHeld: () => void = () => {};
const calls = { listen, held, release };
answerCalls(calls);

function toolCall(name: string, args: object) {
  return { id: `call_${name}`, type: "function", function: { name, arguments: JSON.stringify(args) } };
}

async function listen({ afterMs }: { afterMs: number }): Promise<{ url: string }> {
  delayMs = afterMs;
  const server = createServer((request, response) => {
    request.resume();
    request.once("end", () => {
      waiting.push({ response, at: performance.now() });
      onHeld();
    });
    response.once("close", () => {
      waiting = waiting.filter((one) => one.response !== response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", 1_024, listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

function held(requests: number): Promise<void> {
  return new Promise((resolve) => {
    onHeld = () => {
      if (waiting.length >= requests) resolve();
    };
    onHeld();
  });
}

async function release(): Promise<void> {
  await Promise.all(waiting.map(answer));
}

async function answer({ response, at }: Held): Promise<void> {
  await pause(Math.max(0, at + delayMs - performance.now()));
  response.writeHead(200, { "content-type": "application/json" }).end(BODY);
}
