import type pg from "pg";
import { systemClock } from "../../lib/clock.ts";
import { COUNTED_MAX, listWaiting } from "../../store/waiting.ts";
import { type Finding, fine, warning } from "./finding.ts";

/** An unclaimed case that waits for longer than this is worth a look. */
const UNCLAIMED_AFTER_MS = 86_400_000;

/** Checks that every open conversation has somebody who answers next (U4). */
export async function checkWaiting(pool: pg.Pool): Promise<Finding[]> {
  // A database without these tables is migrated at the next start.
  const { rows } = await pool.query<{ there: boolean }>("select to_regclass('run') is not null as there");
  if (rows[0]?.there !== true) return [];
  const run = async <Row>(statement: { text: string }, values: readonly unknown[]) =>
    (await pool.query(statement.text, [...values])).rows as Row[];
  const next = (await listWaiting({ run }, { limit: COUNTED_MAX })).map((one) => one.next);
  const nobody = next.filter(({ kind }) => kind === "nobody").length;
  const before = systemClock().getTime() - UNCLAIMED_AFTER_MS;
  const unclaimed = next.filter(
    (one) => one.kind === "people" && one.holder === null && new Date(one.since).getTime() < before,
  ).length;
  const list = "frontdesk waiting lists them.";
  return [
    nobody === 0
      ? fine("backlog", "conversations that nobody would go on with: none")
      : warning(
          "backlog",
          `conversations that nobody would go on with: ${nobody}`,
          `${list} A running worker gives them to people within minutes.`,
        ),
    ...(unclaimed === 0
      ? []
      : [warning("backlog", `cases unclaimed for more than a day: ${unclaimed}`, `${list} Claim or resolve them.`)]),
  ];
}
