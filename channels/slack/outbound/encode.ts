import type { FittedPart } from "../../../src/adapter/part.ts";
import { MAX_POST_TEXT_CHARACTERS } from "../limits.ts";
import type { SlackBody } from "./body.ts";
import { cutEscaped, escape } from "./escape.ts";
import { optionBlocks, textBlocks } from "./render.ts";

/** Encodes a part as blocks, with all of its words as `text`, which notifications and screen readers use. */
export function encode(part: FittedPart): SlackBody {
  if (part.file !== undefined) {
    const { url: _, ...file } = part.file;
    return { kind: "file", file };
  }
  const options = part.options ?? [];
  const actions = options.length === 0 ? [] : optionBlocks(part.promptId ?? "", options);
  const text = cutEscaped(escape(wholePrompt(part)), MAX_POST_TEXT_CHARACTERS);
  return { kind: "message", text, blocks: [...textBlocks(part), ...actions] };
}

/** Writes out the whole prompt: its options numbered, the person last. */
function wholePrompt({ text, options = [] }: FittedPart): string {
  const ordered = [...options.filter(({ n }) => n !== 0), ...options.filter(({ n }) => n === 0)];
  const lines = ordered.map(({ n, label }) => `${n}) ${label}`).join("\n");
  return text === "" || lines === "" ? text + lines : `${text}\n\n${lines}`;
}
