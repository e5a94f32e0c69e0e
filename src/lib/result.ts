/** The outcome of something that may be expected to fail: a value, or what was wrong. Throwing is for bugs and networks. */
export type Result<Value, Fault> = { ok: true; value: Value } | { ok: false; fault: Fault };

export const ok = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const fail = <Fault>(fault: Fault): Result<never, Fault> => ({ ok: false, fault });
