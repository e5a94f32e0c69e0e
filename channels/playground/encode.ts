import type { FittedPart } from "../../src/adapter/part.ts";

/** A message as the page draws it: a bubble with a button for each option. */
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
