/** A submitted dialog, and the answer that keeps it open. */
import { z } from "zod";
import { FIELD_ACTION } from "../view/actions.ts";

const Field = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
export const Submission = z.object({
  type: z.literal("view_submission"),
  view: z.object({
    id: z.string(),
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), Field)) }),
  }),
});
export type SubmittedView = z.infer<typeof Submission>["view"];

/** Error shown at a block of the dialog; the fields keep their content. */
export interface Refusal {
  response_action: "errors";
  errors: Record<string, string>;
}

export const refusal = (block: string, reason: string): Refusal => ({
  response_action: "errors",
  errors: { [block]: reason },
});

/** Returns the text or choice of a block; null: empty, or no such block. */
export function fieldOf(view: SubmittedView, block: string): string | null {
  const field = view.state.values[block]?.[FIELD_ACTION];
  return field?.selected_option?.value ?? field?.value ?? null;
}

/** Returns the first block of the dialog, at which an error can be shown. */
export const firstBlock = (view: SubmittedView): string | null => Object.keys(view.state.values)[0] ?? null;
