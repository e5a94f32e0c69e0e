import { sha256 } from "./digest.ts";

/** Texts without what names people or opens doors: telephone numbers, mail addresses, passwords, tokens. */

/** A secret shorter than this could be any word, and hiding it would hide the log. */
const SECRET_MIN = 6;
/** Far more than an installation has; a process that resolves more keeps the newest. */
const SECRETS_MAX = 500;

/** The values behind `env:` and `file:` of this process, so that none is ever written whatever carries it. */
const secrets = new Set<string>();

/** From now on `redact` hides this value wherever it stands. */
export function hideSecret(value: string): void {
  if (value.length < SECRET_MIN) return;
  secrets.add(value);
  const [oldest] = secrets;
  if (secrets.size > SECRETS_MAX && oldest !== undefined) secrets.delete(oldest);
}

/** Every quantifier is bounded, so that a text costs time in proportion to its length. */
const RULES: readonly [RegExp, (...match: string[]) => string][] = [
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@]{1,300}@/gi, (_, scheme = "") => `${scheme}[secret]@`],
  [/\b(Basic|Bearer|Digest)\s+[\w.~+/=-]{6,2000}/gi, (_, kind = "") => `${kind} [secret]`],
  // Slack, OpenAI, GitHub, Stripe-like, AWS access keys, JSON web tokens.
  [/\b(?:xox[a-z]|xapp|xwfp)-[\w-]{4,500}/g, () => "[secret]"],
  [/\bsk-[\w-]{12,500}/g, () => "[secret]"],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|[rs]k_live_|[rs]k_test_|AKIA)\w{10,300}/g, () => "[secret]"],
  [/\beyJ[\w-]{8,4000}\.[\w-]{4,4000}(?:\.[\w-]{0,4000})?/g, () => "[secret]"],
  // password=… token: "…" in queries, headers and JSON.
  [
    /\b((?:[\w-]{0,40}[_-])?(?:password|passwd|pwd|secret|token|api[_-]?key|apikey|signature|authorization|cookie))(["']?\s{0,3}[=:]\s{0,3}["']?)(?!\[secret\]|Basic |Bearer |Digest |env:|file:)[^\s"'&,;)]{1,2000}/gi,
    (_, name = "", sign = "") => `${name}${sign}[secret]`,
  ],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, (address = "") => `[mail ${shortHash(address.toLowerCase())}]`],
  // +1 (555) 011-1234; E.164 has fifteen digits at most.
  [/\+\d(?:[ ().-]{0,2}\d){5,14}/g, (number = "") => maskNumber(number)],
  [/(?<![\w.-])\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?![\w-])/g, (number = "") => maskNumber(number)],
  // Ids, times and versions are shorter, longer, or stand in dots and dashes.
  [/(?<![\w.:-])\d{10,15}(?![\w:-]|\.\d)/g, (number = "") => maskNumber(number)],
];

const maskNumber = (number: string): string => `[number …${number.replace(/\D/g, "").slice(-2)}]`;

/** Tells two apart and is the same in every process; nothing can be read from it. */
const shortHash = (text: string): string => sha256(text).slice(0, 8);

/** A text as it may stand in a log. Pass it cut: the time it takes grows with its length. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, "[secret]");
  for (const [pattern, to] of RULES) clean = clean.replace(pattern, to);
  return clean;
}

/** What names somebody, whatever it looks like: a number by its last two digits, anything else by a short hash. */
export function anonymize(text: string): string {
  if (text === "") return "";
  const digits = text.replace(/\D/g, "");
  const number = /^\D{0,20}\+?[\d\s().-]{6,30}$/.test(text) && digits.length >= 6;
  return number ? maskNumber(digits) : `[${shortHash(text)}]`;
}
