/**
 * Decides: which conversation? A customer's item joins the conversation of its thread that still takes messages
 * (`conversation.joinable`: open, or closed for less than `reopen_within`), else it opens a new one (I7). The upsert answers
 * with the row whoever made it, so two first messages of one thread make one conversation (I3). The contact of a
 * conversation is that of its first message.
 *
 * From `customer_item` and `sender_contact` to `thread_conversation`; writes `conversation`, in sorted order, as the keys
 * are. From here to the commit these conversations are locked.
 */
export const CONVERSATION = `
thread_conversation as (
  insert into conversation (channel, thread, contact, last_inbound_at)
  select distinct on (c.channel, c.thread) c.channel, c.thread, s.contact, now()
  from customer_item c join sender_contact s using (address_key)
  order by c.channel, c.thread, c.n
  on conflict (channel, thread) where joinable do update set last_inbound_at = excluded.last_inbound_at
  returning id as conversation, channel || E'\\n' || thread as thread_key
)`;

/**
 * Gives each customer's item its message id and event id, and each operator's item its event id, in the order of the batch.
 * They are drawn while the conversations are locked, so one conversation's messages are seen in the order of their ids,
 * which is the order in which turns handle them (T9). An operator's item locks nothing: two from two processes are handled
 * in the order of their ids only where both are seen by then.
 *
 * From `customer_item`, `thread_conversation` and `operator_item` to `routed`.
 */
export const ROUTED = `
routed as materialized (
  select n, conversation, nextval('event_id_seq') as event_id, case when spoken then nextval('message_id_seq') end as message_id
  from (
    select c.n, t.conversation, true as spoken from customer_item c join thread_conversation t using (thread_key)
    union all select n, conversation, false from operator_item order by n
  ) found
)`;
