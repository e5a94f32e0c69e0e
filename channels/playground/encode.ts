import type { FittedPart } from "../../src/adapter/part.ts";

/** What the page draws: a bubble, and under it a button for each option. */
export interface PlaygroundBody {
  text: string;
  promptId?: string;
  options?: { n: number; id: string; label: string }[];
}

export function encode(part: FittedPart): PlaygroundBody {
  const body: PlaygroundBody = { text: part.text };
  if (part.promptId !== undefined) body.promptId = part.promptId;
  if (part.options !== undefined) body.options = part.options.map(({ n, id, label }) => ({ n, id, label }));
  return body;
}
