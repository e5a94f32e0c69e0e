/** One request to a system of Acme, read and checked, and its answer. */
import { readFileSync } from "node:fs";
import type { z } from "zod";

export interface Call {
  method: string;
  /** The path below the system's own, decoded: ["subscriptions", "sub_dana", "cancel"]. */
  path: readonly string[];
  query: URLSearchParams;
  /** The body as JSON; undefined: there is none, or it can't be read. */
  body: unknown;
  /** The idempotency key; null: none. */
  key: string | null;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** One system: answers a call, or null where it has no such path. */
export type System = (call: Call) => Answer | null;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
/** The request is well formed, but things are not so that it could be done. */
export const conflict = (error: string): Answer => ({ status: 409, body: { error } });
export const missing = (error: string): Answer => ({ status: 404, body: { error } });

/** Reads the body, then answers; 422 names the first field that is wrong. */
export function withBody<Shape>(call: Call, shape: z.ZodType<Shape>, answer: (body: Shape) => Answer): Answer {
  const read = shape.safeParse(call.body);
  if (read.success) return answer(read.data);
  const [issue] = read.error.issues;
  return { status: 422, body: { error: "invalid", field: issue?.path.join(".") ?? "", problem: issue?.message ?? "" } };
}

/** Reads a file of `data/`. */
export function readData<Shape>(name: string, shape: z.ZodType<Shape>): Shape {
  return shape.parse(JSON.parse(readFileSync(new URL(`data/${name}.json`, import.meta.url), "utf8")));
}
