/** Reads `retention:` of frontdesk.yaml, with the defaults of domain/retention.ts. */
import { DEFAULT_RETENTION, LEAST_KEPT, type Retention } from "../domain/retention.ts";
import { type Entry, fault, plainValue, readDuration, readFields } from "../language/yaml-entry.ts";

/** Keys as written, and the reason for the shortest time of each. */
const KEYS = {
  raw: ["raw", ""],
  dedupeKeys: ["dedupe_keys", ": a platform may repeat a message that late, and it would be handled twice"],
  journal: ["journal", ""],
  deliveredParts: ["delivered_parts", ""],
  files: ["files", ""],
  closedConversations: ["closed_conversations", ""],
} as const satisfies Record<keyof Retention, readonly [string, string]>;

const DAY_MS = 86_400_000;

/** Reads the times; `never` keeps a kind for ever. */
export function readRetention(entry: Entry): Retention {
  const known = Object.values(KEYS).map(([key]) => key);
  const fields = readFields(entry, { what: "retention:", known });
  const read = Object.keys(KEYS).map((name) => {
    const kind = name as keyof Retention;
    const field = fields?.get(KEYS[kind][0]);
    return [kind, field === undefined ? DEFAULT_RETENTION[kind] : readKept(field, kind)];
  });
  return Object.fromEntries(read) as Record<keyof Retention, number | null>;
}

function readKept(entry: Entry, kind: keyof Retention): number | null {
  if (plainValue(entry) === "never") return null;
  const ms = readDuration(entry);
  const [key, reason] = KEYS[kind];
  if (ms !== null && ms < LEAST_KEPT[kind])
    fault(entry, "013", `${key}: is at least ${LEAST_KEPT[kind] / DAY_MS}d, or never${reason}`);
  return ms;
}
