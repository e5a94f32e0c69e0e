/**
 * Renames fields that earlier builds wrote to the journal: `said` is now `content`, a command's `do` is `kind`,
 * `because` is `reason`, and `says` is `message` or `reason`. Kept for as long as old conversations are read.
 */
type Fields = Readonly<Record<string, unknown>>;

/** Returns the payload with today's names; unchanged where it has them already or is no object. */
export function upgradePayload(kind: string, payload: unknown): unknown {
  if (!isFields(payload)) return payload;
  switch (kind) {
    case "operator":
      return { ...withContent(payload), content: withCommand(contentOf(payload)) };
    case "answer":
      return { ...payload, result: withMessage(payload["result"]) };
    case "undelivered":
    case "dropped":
      return renameField(payload, "says", "reason");
    default:
      return withContent(payload);
  }
}

/** The content of a payload, under its old or new name. */
const contentOf = (payload: Fields): unknown => payload["content"] ?? payload["said"];

const withContent = (payload: Fields): Fields => renameField(payload, "said", "content");

function withCommand(content: unknown): unknown {
  if (!isFields(content) || !isFields(content["command"])) return content;
  return { ...content, command: renameField(renameField(content["command"], "do", "kind"), "because", "reason") };
}

/** The result of an ask with the error's text under today's name. */
export function withMessage(result: unknown): unknown {
  if (!isFields(result) || !isFields(result["error"])) return result;
  return { ...result, error: renameField(result["error"], "says", "message") };
}

function renameField(fields: Fields, from: string, to: string): Fields {
  if (!Object.hasOwn(fields, from)) return fields;
  const { [from]: value, ...rest } = fields;
  return { [to]: value, ...rest };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
