/** The part of `store_inbound` that counts senders: how much each address has written in each window (limits.ts). */
import { PACE_WINDOWS, type PaceWindow } from "../domain/limits.ts";

/** The same for each window, one after the other. */
const each = (sql: (window: PaceWindow) => string, between = ",\n         "): string =>
  PACE_WINDOWS.map(sql).join(between);
const lasts = (window: PaceWindow): string => `a.${window}_at > now() - interval '1 ${window}'`;

/** Counts of an address `a` with `among` messages more, in windows that begin anew where theirs is over. */
export const COUNTS_NOW = each((w) => `case when ${lasts(w)} then a.${w}_count else 0 end + among as ${w}_count`);

const COLUMNS = PACE_WINDOWS.flatMap((w) => [`${w}_at`, `${w}_count`, `${w}_told`]);
const READ = ["count", "told"].flatMap((what) => PACE_WINDOWS.map((w) => `${w}_${what}`)).join(", ");
/** Of a count that can't be raised now, nobody is told: the next message is the first one then. */
const counts = PACE_WINDOWS.map((w) => `${w}_count`).join(", ");
const widest = (then: (window: PaceWindow) => string): string =>
  each((w) => `when c.${w} > most.${w} then ${then(w)}`, " ");

/** From `known`, `newcomer`, `customer`, `spot` and `most` to `paced`: the pace of each message. */
export const COUNTED = `), held as materialized (
  -- Under the locks of the conversations, so that a batch that waits for one of those holds up no other sender.
  select w.whose, w.channel, w.sender, w.contact, w.among, w.heard,
         ${each((w) => `case when ${lasts(w)} then a.${w}_at else now() end as ${w}_at`)},
         ${COUNTS_NOW},
         ${each((w) => `${lasts(w)} and a.${w}_told as ${w}_told`)}
  from (
    select distinct known.whose, known.channel, known.sender, known.contact, known.among, known.heard
    from known join customer using (whose) join spot using (place)
  ) w
  cross join lateral (
    select * from address where address.channel = w.channel and address.value = w.sender for no key update skip locked
  ) a
), counted as (
  insert into address (channel, value, contact, ${COLUMNS.join(", ")})
  select channel, sender, contact,
         ${each((w) => `${w}_at, ${w}_count, ${w}_told or coalesce(${w}_count - among + heard > ${w}, false)`)}
  from held cross join most
  on conflict (channel, value) do update set ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")}
), pace as materialized (
  select whose, ${READ} from held
  union all select whose, ${counts}, false, false, false from newcomer
  union all select whose, ${counts}, true, true, true from known where whose not in (select whose from held)
), paced as materialized (
  -- Of what is beyond a limit, the first that is heard tells people; the others only say how much there was.
  select n, minute, hour, day,
         heard and not told and row_number() over (partition by whose, beyond, heard order by n) = 1 as first
  from (
    select n, whose, heard, c.minute, c.hour, c.day, case ${widest((w) => `'${w}'`)} end as beyond,
           case ${widest((w) => `${w}_told`)} else true end as told
    from (
      select customer.n, whose, kind in ('message', 'choice') as heard, minute_told, hour_told, day_told,
             ${each((w) => `${w}_count - among + nth as ${w}`)}
      from customer join pace using (whose)
    ) c cross join most
  ) one`;
