/**
 * Decides: customer or operator?
 *
 * - It is an operator's in the thread that shows a case (`case.thread` on the desk's channel), whatever it is. An action is
 *   an operator's wherever it was done, and belongs to the conversation that it names, if there is such a one.
 * - A message in a place where a queue works (`desk_place`) is ignored otherwise: no customer writes there, whatever the
 *   thread. A pressed option counts there too, because only we offer options.
 * - Everything else that somebody wrote or pressed, and that is for us, is a customer's.
 *
 * From `fresh` and `not_addressed` to `operator_item` with its conversation, `in_desk_place`, and `customer_item`, where
 * `messages` counts the items of one sender and `nth` numbers them. Stored rows are looked up one by one by their key
 * (`lateral … offset 0`), however many the planner expects.
 */
export const AUTHOR = `
operator_item as materialized (
  select fresh.n, coalesce(shown.conversation, named.id) as conversation
  from fresh
  left join lateral (
    select k.conversation from "case" k
    where fresh.kind <> 'action' and k.desk_channel = fresh.channel and k.thread = fresh.thread offset 0
  ) shown on true
  left join lateral (
    select c.id from conversation c where fresh.kind = 'action' and c.id = fresh.conversation offset 0
  ) named on true
  where coalesce(shown.conversation, named.id) is not null
), in_desk_place as materialized (
  select fresh.n from fresh join desk_place d on d.channel = fresh.channel and d.place = fresh.place
  where fresh.kind = 'message' and fresh.n not in (select n from operator_item)
), customer_item as materialized (
  select fresh.*, row_number() over (partition by fresh.address_key order by fresh.n) as nth,
         count(*) over (partition by fresh.address_key) as messages
  from fresh
  where fresh.spoken and fresh.n not in (select n from operator_item) and fresh.n not in (select n from in_desk_place)
    and fresh.n not in (select n from not_addressed)
)`;
