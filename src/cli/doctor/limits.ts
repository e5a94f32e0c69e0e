import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { parseSettings, SETTINGS_FILE } from "../../content/settings.ts";
import { ceilingOf, DEFAULT_LIMITS, type Limits } from "../../domain/limits.ts";
import { DEFAULT_RETENTION, type Retention } from "../../domain/retention.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";
import { checkRetention } from "./retention.ts";

/** Share of a limit from which on a warning is due. */
const NEARLY = 0.8;
const MB = 1024 * 1024;

/** Checks the use of each channel's daily limit and of the file store, and what retention would remove. */
export async function checkLimits(pool: pg.Pool, home: string): Promise<Finding[]> {
  // A database without these tables is migrated at the next start.
  const { rows } = await pool.query<{ there: boolean }>("select to_regclass('channel_day') is not null as there");
  if (rows[0]?.there !== true) return [];
  const { limits, retention } = await settingsIn(home);
  return [
    ...(await checkChannelDays(pool, limits)),
    await checkFileStore(pool, limits),
    ...(await checkModelDay(pool, limits)),
    await checkRetention(pool, retention),
  ];
}

/** Reads the limits and times of frontdesk.yaml, or the defaults when it is faulty, which checkContent reports. */
async function settingsIn(home: string): Promise<{ limits: Limits; retention: Retention }> {
  const text = await readFile(join(home, SETTINGS_FILE), "utf8").catch(() => "");
  return parseSettings(text).settings ?? { limits: DEFAULT_LIMITS, retention: DEFAULT_RETENTION };
}

async function checkChannelDays(pool: pg.Pool, limits: Limits): Promise<Finding[]> {
  const { rows } = await pool.query<{ channel: string; sent: number }>(
    `select channel, sum(sent)::int as sent from channel_day where day = (now() at time zone 'utc')::date
     group by channel order by channel`,
  );
  return rows.map(({ channel, sent }) => {
    const ceiling = ceilingOf(limits, channel);
    const fix = "See “Floods” in docs/operations.md; limits: channel: in frontdesk.yaml sets the daily limit.";
    return usageFinding(`${channel}: ${sent} of ${ceiling} messages today`, { share: sent / ceiling, fix });
  });
}

async function checkFileStore(pool: pg.Pool, { files: { store } }: Limits): Promise<Finding> {
  const { rows } = await pool.query<{ files: number; bytes: number }>("select files, bytes::float from file_store");
  const { files: count, bytes } = rows[0] ?? { files: 0, bytes: 0 };
  const message = `files: ${count} stored, ${Math.ceil(bytes / MB)} of ${store / MB} MB`;
  const fix =
    "When it is full no more files are stored: raise limits: files: store_mb in frontdesk.yaml, if the disk has room.";
  return usageFinding(message, { share: bytes / store, fix });
}

/** What models have used today, of the limits that are set. */
async function checkModelDay(pool: pg.Pool, { models }: Limits): Promise<Finding[]> {
  const table = await pool.query<{ there: boolean }>("select to_regclass('model_budget') is not null as there");
  if (table.rows[0]?.there !== true) return [];
  const { rows } = await pool.query<{ cost: number; tokens: number }>(
    `select cost_usd as cost, tokens::float8 as tokens from model_budget
     where scope = 'day:' || (now() at time zone 'utc')::date`,
  );
  const [used] = rows;
  if (used === undefined) return [];
  const fix = "At the limit no more models are asked until midnight UTC: see “Language models” in docs/operations.md.";
  const { costPerDayUsd, tokensPerDay } = models;
  return [
    ...(costPerDayUsd === null
      ? []
      : [
          usageFinding(`models: ${used.cost.toFixed(2)} of ${costPerDayUsd} US dollars today`, {
            share: used.cost / costPerDayUsd,
            fix,
          }),
        ]),
    ...(tokensPerDay === null
      ? []
      : [
          usageFinding(`models: ${used.tokens} of ${tokensPerDay} tokens today`, {
            share: used.tokens / tokensPerDay,
            fix,
          }),
        ]),
  ];
}

function usageFinding(message: string, { share, fix }: { share: number; fix: string }): Finding {
  if (share >= 1) return problem("limits", message, fix);
  return share >= NEARLY ? warning("limits", message, fix) : fine("limits", message);
}
