import { z } from "zod";

/** JSON of bytes or text; undefined where they are none. */
export function jsonOf(source: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof source === "string" ? source : new TextDecoder("utf-8", { fatal: true }).decode(source));
  } catch {
    return undefined;
  }
}

/** A field that counts as not given where it has another shape: Slack's bodies change, and the rest still matters. */
export const maybe = <Shape extends z.ZodType>(shape: Shape): z.ZodCatch<z.ZodOptional<Shape>> =>
  shape.optional().catch(undefined as never);

export const maybeText = maybe(z.string());
