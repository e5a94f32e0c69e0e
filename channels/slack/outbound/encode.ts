import type { FittedPart } from "../../../src/adapter/part.ts";
import { MAX_POST_TEXT_CHARACTERS } from "../limits.ts";
import type { SlackBody } from "./body.ts";
import { cutEscaped, escape } from "./escape.ts";
import { optionBlocks, textBlocks } from "./render.ts";

/** A message of blocks, with all that it says as its `text`, which is what notifications and screen readers use. */
export function encode(part: FittedPart): SlackBody {
  if (part.file !== undefined) {
    const { url: _, ...file } = part.file;
    return { kind: "file", file };
  }
  const options = part.options ?? [];
  const actions = options.length === 0 ? [] : optionBlocks(part.promptId ?? "", options);
  const text = cutEscaped(escape(spoken(part)), MAX_POST_TEXT_CHARACTERS);
  return { kind: "message", text, blocks: [...textBlocks(part), ...actions] };
}

/** The whole prompt in words: its options numbered, the person last. */
function spoken({ text, options = [] }: FittedPart): string {
  const ordered = [...options.filter(({ n }) => n !== 0), ...options.filter(({ n }) => n === 0)];
  const lines = ordered.map(({ n, label }) => `${n}) ${label}`).join("\n");
  return text === "" || lines === "" ? text + lines : `${text}\n\n${lines}`;
}
