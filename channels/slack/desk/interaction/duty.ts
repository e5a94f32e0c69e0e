import { FRONTDESK } from "../../../../src/domain/reach.ts";
import type { Asked } from "./asked.ts";
import type { FrontDeps } from "./front-deps.ts";

/** Nobody holds more; those beyond go back when it is pressed again. */
const MAX_HELD = 500;

/** Whether somebody works now; who goes off duty gives back what they hold. Answers with how many cases that were. */
export async function goOnDuty(front: FrontDeps, asked: Asked, on: boolean): Promise<number> {
  const { store } = front;
  const { key } = asked;
  await store.setDuty(asked.operator.id, on);
  if (on) return 0;
  const operator = await front.named(asked.operator);
  // Whatever they hold goes back, also where they work no more.
  const held = await store.cases(FRONTDESK, { holder: operator.id, limit: MAX_HELD });
  await Promise.all(
    held.map(({ card: { conversation } }) =>
      store.act({ operator, conversation, command: { kind: "off_duty" }, key: `off:${key}:${conversation}` }),
    ),
  );
  return held.length;
}
