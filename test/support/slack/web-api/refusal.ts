/** A refusal of the Web API: HTTP 200 with `ok: false`. */
export class Refusal extends Error {
  readonly code: string;
  readonly more: Record<string, unknown>;

  constructor(code: string, more: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

/** Returns the refusal of a malformed payload, with its faults. */
export const malformed = (code: string, messages: readonly string[]): Refusal =>
  new Refusal(code, { errors: messages, response_metadata: { messages: messages.map((one) => `[ERROR] ${one}`) } });
