import { type Address, address, type ThreadId, threadId } from "../../src/domain/ids.ts";
import { toNormalForm } from "../../src/domain/normal-form.ts";
import { MAX_NAME_CHARACTERS } from "./limits.ts";

/**
 * Resolves a name to a thread and address: the page shows it at `/playground#thread=thread-dana-meyer`. Null if the name
 * has no letter or digit.
 */
export function resolveRecipient(to: string): { thread: ThreadId; address: Address } | null {
  const name = toNormalForm(to, "NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  if (name === "" || name.length > MAX_NAME_CHARACTERS - "thread-".length) return null;
  return { thread: threadId(`thread-${name}`), address: address(`thread-${name}`) };
}
