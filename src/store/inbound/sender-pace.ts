/**
 * Counts how much each address has written in each window (domain/limits.ts), so that a turn can brake a sender
 * (turn/core/customer/brake.ts) without asking the database.
 *
 * Decides: which message is the first too many, so that people are told of it? Reads and writes `address.<window>_at`, `_count`
 * and `_told`. Counting comes after the conversations are locked, so that a batch that waits for one of those holds up no
 * other sender. A new address is locked before its conversation, here and in desk-start.ts, so a known address that another
 * transaction holds is not waited for: its count is read, and not raised.
 */
import { PACE_WINDOWS, type PaceWindow } from "../../domain/limits.ts";

/** The same SQL for each window, one after the other. */
const each = (sql: (window: PaceWindow) => string, between = ",\n         "): string =>
  PACE_WINDOWS.map(sql).join(between);
const lasts = (window: PaceWindow): string => `a.${window}_at > now() - interval '1 ${window}'`;

const COLUMNS = PACE_WINDOWS.flatMap((w) => [`${w}_at`, `${w}_count`, `${w}_told`]);
const COUNTS = PACE_WINDOWS.map((w) => `${w}_count`).join(", ");
const TOLD = PACE_WINDOWS.map((w) => `${w}_told`).join(", ");
const widest = (then: (window: PaceWindow) => string): string =>
  each((w) => `when c.${w} > l.${w} then ${then(w)}`, " ");

/** Counts of an address `a` with `messages` more; a window that is over begins anew. */
export const COUNTS_NOW = each((w) => `case when ${lasts(w)} then a.${w}_count else 0 end + messages as ${w}_count`);

/** Makes `sender_limit` from the third parameter: messages of one address that are not too many yet. */
export const SENDER_LIMIT = `
sender_limit as materialized (
  select * from json_to_record($3::json) as l(minute int, hour int, day int)
)`;

/**
 * From `customer_item`, `known_sender`, `new_sender`, `thread_conversation` and `sender_limit` to `message_pace`, how much had
 * been written with each item; writes `address`. Where a count can't be raised, no message is the first too many: the next
 * one is then.
 */
export const SENDER_PACE = `
locked_sender as materialized (
  select s.address_key, s.channel, s."from", s.contact, s.messages, s.heard,
         ${each((w) => `case when ${lasts(w)} then a.${w}_at else now() end as ${w}_at`)},
         ${COUNTS_NOW},
         ${each((w) => `${lasts(w)} and a.${w}_told as ${w}_told`)}
  from (
    select distinct k.address_key, k.channel, k."from", k.contact, k.messages, k.heard
    from known_sender k join customer_item using (address_key) join thread_conversation using (thread_key)
  ) s
  cross join lateral (
    select * from address where address.channel = s.channel and address.value = s."from" for no key update skip locked
  ) a
), stored_count as (
  insert into address (channel, value, contact, ${COLUMNS.join(", ")})
  select channel, "from", contact,
         ${each((w) => `${w}_at, ${w}_count, ${w}_told or coalesce(${w}_count - messages + heard > ${w}, false)`)}
  from locked_sender cross join sender_limit
  on conflict (channel, value) do update set ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")}
), sender_count as materialized (
  select address_key, ${COUNTS}, ${TOLD} from locked_sender
  union all select address_key, ${COUNTS}, false, false, false from new_sender
  union all select address_key, ${COUNTS}, true, true, true
    from known_sender where address_key not in (select address_key from locked_sender)
), message_pace as materialized (
  -- Of what is beyond a limit, the first that is heard is told; the others only say how much there was.
  select n, minute, hour, day,
         heard and not told and row_number() over (partition by address_key, beyond, heard order by n) = 1 as first
  from (
    select n, address_key, heard, c.minute, c.hour, c.day, case ${widest((w) => `'${w}'`)} end as beyond,
           case ${widest((w) => `${w}_told`)} else true end as told
    from (
      select customer_item.n, address_key, kind in ('message', 'choice') as heard, ${TOLD},
             ${each((w) => `${w}_count - messages + nth as ${w}`)}
      from customer_item join sender_count using (address_key)
    ) c cross join sender_limit l
  ) one
)`;
