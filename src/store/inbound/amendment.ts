/**
 * Decides: which message does an edit or a delete mean? It means the latest customer's message of its thread that the
 * platform calls `target`: one that is stored (`message.external_id`), in whatever conversation of the thread, open or long
 * closed, or one of this very batch. Where there is none, the item is ignored as `unknown_message`. In the thread of a case
 * an edit or a delete is an operator's instead (author.ts).
 *
 * From `fresh`, `operator_item`, `customer_item` and `routed` to `amended`, with the message, its conversation and the id of
 * the event.
 */
export const AMENDMENT = `
amended as materialized (
  select f.n, coalesce(stored.conversation, beside.conversation) as conversation,
         coalesce(stored.id, beside.message_id) as message_id, nextval('event_id_seq') as event_id
  from fresh f
  left join lateral (
    select m.id, m.conversation from conversation c join message m on m.conversation = c.id
    where c.channel = f.channel and c.thread = f.thread and m.external_id = f.target and m.author = 'customer'
    order by m.id desc limit 1 offset 0
  ) stored on true
  left join lateral (
    select r.conversation, r.message_id from customer_item c join routed r using (n)
    where c.thread_key = f.thread_key and c.external_id = f.target order by c.n desc limit 1 offset 0
  ) beside on true
  where f.target is not null and f.n not in (select n from operator_item)
    and coalesce(stored.id, beside.message_id) is not null
)`;
