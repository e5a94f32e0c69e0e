/**
 * Writes the messages and events of what was routed. An event has all that its turn needs to know of this moment, so that
 * the turn asks nothing more and a replay decides the same (`turn/journal.ts` reads it back):
 *
 * | key | holds | in events of |
 * |---|---|---|
 * | `content` | what was written, pressed or commanded, and by whom | all |
 * | `message` | the id of the message that it is or that it changes | customers |
 * | `contact` | the contact, as known now | customers |
 * | `pace` | how much the sender had written (sender-pace.ts) | customers, but for their edits and deletes |
 * | `unsent` | the event that caused the oldest part of ours that had not reached the platform by then | messages, choices |
 * | `queues`, `known`, `into` | where the operator works, and the other case (operator-facts.ts) | operators |
 * | `optOut` | an opt-out of the customer's thread (opt-outs.ts) | all, but for customers' edits and deletes |
 */
import { operatorFacts } from "../operator-facts.ts";

/** From `customer_item` and `routed`; writes `message`. */
export const MESSAGE = `
stored_message as (
  insert into message (id, conversation, author, author_name, text, attachments, external_id, raw, at)
  select r.message_id, r.conversation, 'customer', coalesce(nullif(c.display_name, ''), contact_profile.name, ''), c.text, c.attachments, c.external_id, c.raw,
         date_trunc('milliseconds', now())
  from customer_item c join routed r using (n)
  left join sender_contact s using (address_key) left join contact_profile on contact_profile.id = s.contact
  order by c.n
)`;

const FACTS = { membership: "f.membership", channel: "f.channel", operator: 'f."from"', content: "f.content" };

const BY_OPERATOR = `json_build_object('content', f.content, 'optOut', o.known, ${operatorFacts(FACTS)})`;

const BY_CUSTOMER = `json_build_object('message', r.message_id, 'content', f.content, 'contact', to_json(contact_profile),
    'optOut', o.known, 'pace', json_strip_nulls(json_build_object(
      'minute', pace.minute, 'hour', pace.hour, 'day', pace.day, 'first', case when pace.first then true end)),
    'unsent', unsent.event)`;

/**
 * The first part of each thread's stream that nobody has tried to send: the customer can't have seen it yet (U2). One that
 * was tried may have arrived although its outcome is unknown. The thread is given as a
 * range, so that only the stream's index has the order: with an equality the planner may walk the primary key instead,
 * past everything that was ever sent.
 *
 * From `customer_item` to `unsent`.
 */
export const UNSENT = `
unsent as materialized (
  select t.thread_key, o.event
  from (select distinct channel, thread, thread_key from customer_item where kind in ('message', 'choice')) t
  cross join lateral (
    select event from outbox
    where outbox.channel = t.channel and outbox.thread >= t.thread and outbox.thread <= t.thread and outcome is null
      and attempted_at is null
    order by outbox.thread, id limit 1 offset 0
  ) o
)`;

/** The contact of an amended message's conversation: one that is stored, or one of this batch. */
const CONTACT_OF_AMENDED = `(
    select json_build_object('id', k.id, 'name', k.name, 'email', k.email, 'phone', k.phone, 'language', k.language,
                             'blocked', k.blocked, 'attributes', k.attributes)
    from conversation c join contact k on k.id = c.contact where c.id = a.conversation
    union all
    select to_json(contact_profile)
    from customer_item c join routed r using (n) join sender_contact s using (address_key)
    join contact_profile on contact_profile.id = s.contact
    where r.conversation = a.conversation
    limit 1)`;

/**
 * From `fresh`, `routed`, `amended` and what is known of their senders; writes `event`. An operator's item of whatever kind
 * is an event of kind `operator`.
 */
export const EVENT = `
stored_event as (
  insert into event (id, conversation, kind, payload)
  select r.event_id, r.conversation, case when operator_item.n is not null then 'operator' else f.kind end,
         case when operator_item.n is not null then ${BY_OPERATOR}
    else ${BY_CUSTOMER} end
  from fresh f join routed r using (n)
  left join operator_item using (n)
  left join message_pace pace on pace.n = f.n
  left join known_opt_out o on o.n = f.n
  left join unsent on unsent.thread_key = f.thread_key and f.kind in ('message', 'choice')
  left join sender_contact s on s.address_key = f.address_key
  left join contact_profile on contact_profile.id = s.contact
  union all
  select a.event_id, a.conversation, f.kind,
         json_build_object('message', a.message_id, 'content', f.content, 'contact', ${CONTACT_OF_AMENDED})
  from fresh f join amended a using (n)
  order by 1
)`;
