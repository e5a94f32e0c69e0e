import { z } from "zod";

/** Parses JSON of bytes or text; undefined if it is not valid. */
export function jsonOf(source: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof source === "string" ? source : new TextDecoder("utf-8", { fatal: true }).decode(source));
  } catch {
    return undefined;
  }
}

/** Makes a field optional and ignores it if it has another shape: Slack's bodies change, and the rest is still read. */
export const maybe = <Shape extends z.ZodType>(shape: Shape): z.ZodCatch<z.ZodOptional<Shape>> =>
  shape.optional().catch(undefined as never);

export const maybeText = maybe(z.string());
