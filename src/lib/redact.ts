import { sha256 } from "./digest.ts";

/** Removes personal data and secrets from texts: telephone numbers, mail addresses, passwords, tokens. */

/** A shorter secret could be an ordinary word, and hiding it would make the log unreadable. */
const SECRET_MIN = 6;
/** Far more than an installation has; beyond it the oldest is forgotten. */
const SECRETS_MAX = 500;

/** Values of this process's `env:` and `file:` references, which are never logged. */
const secrets = new Set<string>();

/** Makes `redact` hide this value from now on. */
export function hideSecret(value: string): void {
  if (value.length < SECRET_MIN) return;
  secrets.add(value);
  const [oldest] = secrets;
  if (secrets.size > SECRETS_MAX && oldest !== undefined) secrets.delete(oldest);
}

/** Every quantifier is bounded, so that redaction takes linear time. */
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
  // Ids, times and versions are shorter, longer, or written with dots and dashes.
  [/(?<![\w.:-])\d{10,15}(?![\w:-]|\.\d)/g, (number = "") => maskNumber(number)],
];

const maskNumber = (number: string): string => `[number …${number.replace(/\D/g, "").slice(-2)}]`;

/** Distinguishes values, is the same in every process, and reveals nothing. */
const shortHash = (text: string): string => sha256(text).slice(0, 8);

/** Redacts a text for the log. Cut it first: the time taken grows with its length. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, "[secret]");
  for (const [pattern, to] of RULES) clean = clean.replace(pattern, to);
  return clean;
}

/** Replaces an identifier of a person: a number by its last two digits, anything else by a short hash. */
export function anonymize(text: string): string {
  if (text === "") return "";
  const digits = text.replace(/\D/g, "");
  const number = /^\D{0,20}\+?[\d\s().-]{6,30}$/.test(text) && digits.length >= 6;
  return number ? maskNumber(digits) : `[${shortHash(text)}]`;
}
