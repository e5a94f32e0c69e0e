import { FRONTDESK } from "../../../../src/domain/reach.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import type { RequestContext } from "./request-context.ts";

/** The most cases given back at once; the rest goes back when the operator goes off duty again. */
const MAX_HELD = 500;

/** Sets an operator on or off duty; off duty gives back their cases. Returns the number of cases given back. */
export async function setDuty(deps: InteractionDeps, context: RequestContext, on: boolean): Promise<number> {
  const { store } = deps;
  const { key } = context;
  await store.setDuty(context.operator.id, on);
  if (on) return 0;
  const operator = await deps.withDisplayName(context.operator);
  // Read as Frontdesk: cases of queues in which they no longer work go back too.
  const held = await store.cases(FRONTDESK, { holder: operator.id, limit: MAX_HELD });
  await Promise.all(
    held.map(({ card: { conversation } }) =>
      store.act({ operator, conversation, command: { kind: "off_duty" }, key: `off:${key}:${conversation}` }),
    ),
  );
  return held.length;
}
