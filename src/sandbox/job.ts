/** A run of a code block and its end, as they pass between a process and its thread. */

/** A code block with all that its result depends on. */
export interface CodeJob {
  /** Body of a function, in JavaScript. */
  source: string;
  /** Names of its parameters, in order. */
  inputNames: readonly string[];
  /** Values of the parameters by name: plain JSON. */
  inputs: Readonly<Record<string, unknown>>;
  /** Time that `now()` gives, ISO 8601. */
  now: string;
}

/** A job on its way to the thread. */
export interface ThreadJob extends Omit<CodeJob, "inputs"> {
  /** Values of the parameters in order, as the JSON text of a list. */
  inputs: string;
  /** Time that it may take, milliseconds. */
  timeoutMs: number;
}

export type CodeResult = { ok: true; value: unknown } | { ok: false; fault: CodeFault };

export interface CodeFault {
  kind:
    | "timeout"
    | "memory"
    /** It threw, or nested its calls too deeply. */
    | "threw"
    | "syntax"
    /** Its result is no JSON, or too much of it. */
    | "not_json"
    /** It had not begun when it was called off. */
    | "cancelled";
  /** A sentence that names the line of the block. */
  message: string;
}

/** A run that failed. */
export const faulty = (kind: CodeFault["kind"], message: string): CodeResult => ({
  ok: false,
  fault: { kind, message },
});

/** A run that was stopped because it took too long. */
export const tooLong = (timeoutMs: number): CodeResult => faulty("timeout", `It took more than ${timeoutMs} ms.`);
