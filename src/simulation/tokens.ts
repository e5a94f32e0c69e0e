/** Splits a line of a script into commands and words, with their offsets. */

export interface Token {
  /** Name before "="; null: none. */
  key: string | null;
  value: unknown;
  /** The text as written. */
  raw: string;
  /** Offset in the line. */
  at: number;
}

export type Tokens = { ok: true; commands: readonly (readonly Token[])[] } | { ok: false; at: number; message: string };

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const KEY = String.raw`[\p{L}_][\p{L}\p{N}_.-]*`;
const TOKEN = new RegExp(String.raw`(?:(${KEY})=)?(${QUOTED}|[^\s;"[{]\S*?(?=[\s;]|$)|[[{])|;`, "uy");

/** Reads `word word key="text"; word`. A `#` after a space begins a comment. */
export function tokensOf(line: string): Tokens {
  const commands: Token[][] = [[]];
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(line.slice(at))?.[0].length ?? 0;
    if (at >= line.length || line[at] === "#") break;
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(line);
    if (found === null) return { ok: false, at, message: "a text in double quotes does not end here" };
    if (found[0] === ";") commands.push([]);
    else {
      const read = tokenAt(line, { at, key: found[1] ?? null, text: found[2] ?? "" });
      if (read === null)
        return { ok: false, at, message: "this is no value: write a word, a number, a text in double quotes, or JSON" };
      commands.at(-1)?.push(read);
      at += read.raw.length;
      continue;
    }
    at += 1;
  }
  return { ok: true, commands: commands.filter((one) => one.length > 0) };
}

function tokenAt(line: string, { at, key, text }: { at: number; key: string | null; text: string }): Token | null {
  const begins = key === null ? 0 : key.length + 1;
  const written = text === "[" || text === "{" ? bracketed(line.slice(at + begins)) : text;
  if (written === null) return null;
  const value = valueOf(written);
  return value === undefined ? null : { key, value, raw: line.slice(at, at + begins + written.length), at };
}

/** The text from a bracket to its counterpart; null: there is none. */
function bracketed(text: string): string | null {
  let open = 0;
  for (const { 0: part, index } of text.matchAll(new RegExp(`${QUOTED}|[[\\]{}]`, "g"))) {
    if (part === "[" || part === "{") open += 1;
    if (part === "]" || part === "}") open -= 1;
    if (open === 0) return text.slice(0, index + 1);
  }
  return null;
}

/** The value of a word, number, text in quotes or JSON; undefined: it is none. */
export function valueOf(text: string): unknown {
  const json = /^["[{]/.test(text) || /^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(text);
  if (!json) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
