/**
 * Decides: what became of each item? It is stored where it was routed or amended something; else it is ignored, with a
 * reason: its adapter's own, or which of the decisions left it out. A raw inbound is stored where any of its items is, and
 * has the first reason in the alphabet where several were ignored; one whose items all came before leaves no row.
 *
 * From `fresh`, `routed`, `amended`, `in_desk_place` and `raw` to `outcome`; writes `raw_inbound` (I4).
 */
export const OUTCOME = `
outcome as materialized (
  select f.n, coalesce(routed.conversation, amended.conversation) as conversation,
         case when routed.n is null and amended.n is null then coalesce(f.reason, case
           when f.target is not null then 'unknown_message'
           when f.n in (select n from in_desk_place) then 'desk_place'
           when f.joins_only then 'not_addressed'
           else 'unknown_conversation' end) end as reason
  from fresh f left join routed using (n) left join amended using (n)
), stored_raw as (
  insert into raw_inbound (id, channel, content_type, body, received_at, outcome, reason)
  select raw.id, raw.channel, raw.content_type, raw.body, raw.received_at,
         case when bool_or(o.reason is null) then 'stored' else 'ignored' end, min(o.reason)
  from raw join fresh f on f.raw = raw.id join outcome o using (n)
  group by raw.id, raw.channel, raw.content_type, raw.body, raw.received_at
)`;

/**
 * Answers with one row per item that was given. `unnamed`: neither it nor the contact says who wrote it, so the name is
 * looked up.
 */
export const ANSWER = `
select item.n, o.conversation,
       case when repeated.n is not null then 'duplicate' when o.reason is null then 'stored' else 'ignored' end as outcome, o.reason,
       routed.event_id as event, item.display_name = '' and coalesce(contact_profile.name, '') = '' as unnamed
from item left join repeated using (n) left join outcome o using (n) left join routed using (n)
left join customer_item using (n) left join sender_contact on sender_contact.address_key = customer_item.address_key
left join contact_profile on contact_profile.id = sender_contact.contact
order by item.n`;
