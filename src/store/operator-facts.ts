/** Facts about an operator as the desk knows them when they do something; their event carries them to its turn. */

interface Columns {
  /** Of the desk (domain/reach.ts). */
  membership: string;
  /** The desk's channel. */
  channel: string;
  operator: string;
  /** JSON with the command in `command`. */
  content: string;
}

/**
 * SQL for arguments of `json_build_object`; the columns are expressions of the statement around it. `queues`: the queues in
 * which the operator works; `known`: all queues whose members are known; both null where everyone works everywhere. `into`:
 * the case that a merge names; null: there is none.
 */
export const operatorFacts = ({ membership, channel, operator, content }: Columns): string => `
'queues', case when ${membership} = 'listed' then coalesce(
  (select json_agg(m.queue order by m.queue)
   from desk_member m join desk_roster r on r.channel = m.channel and r.queue = m.queue and r.closed is null
   where m.channel = ${channel} and m.operator = ${operator}),
  '[]') end,
'known', case when ${membership} = 'listed' then coalesce(
  (select json_agg(r.queue order by r.queue) from desk_roster r where r.channel = ${channel} and r.closed is null),
  '[]') end,
'into', (
  select json_build_object('queue', k.queue, 'status', k.status, 'mergedInto', (k.card->>'mergedInto')::bigint,
    'contact', c.contact, 'customer', k.card->>'customer')
  from "case" k join conversation c on c.id = k.conversation
  where k.conversation = (${content}->'command'->>'into')::bigint)`;
