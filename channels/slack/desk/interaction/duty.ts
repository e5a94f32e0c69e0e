import { FRONTDESK } from "../../../../src/domain/reach.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import type { RequestContext } from "./request-context.ts";

/** Nobody holds more; those beyond go back when it is pressed again. */
const MAX_HELD = 500;

/** Whether somebody works now; who goes off duty gives back what they hold. Answers with how many cases that were. */
export async function goOnDuty(deps: InteractionDeps, asked: RequestContext, on: boolean): Promise<number> {
  const { store } = deps;
  const { key } = asked;
  await store.setDuty(asked.operator.id, on);
  if (on) return 0;
  const operator = await deps.named(asked.operator);
  // Whatever they hold goes back, also where they work no more.
  const held = await store.cases(FRONTDESK, { holder: operator.id, limit: MAX_HELD });
  await Promise.all(
    held.map(({ card: { conversation } }) =>
      store.act({ operator, conversation, command: { kind: "off_duty" }, key: `off:${key}:${conversation}` }),
    ),
  );
  return held.length;
}
