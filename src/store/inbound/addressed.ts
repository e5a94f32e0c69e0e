/**
 * Decides: is it for us? A message that is not addressed to us (`joins_only`) counts only where its thread shows a case,
 * is a conversation that still takes messages, or becomes one by another item of this batch. Reads `case.thread` and
 * `conversation.joinable`.
 *
 * From `item` to `not_addressed`. What stands there is stored with its reason (I4), and without its dedupe keys, so that
 * the same message counts when the platform sends it again as addressed to us.
 */
export const ADDRESSED = `
not_addressed as materialized (
  select item.n from item
  where item.joins_only
    and item.thread_key not in (select thread_key from item where spoken and joins_only is not true)
    and not exists (select 1 from "case" k where k.desk_channel = item.channel and k.thread = item.thread)
    and not exists (
      select 1 from conversation c where c.channel = item.channel and c.thread = item.thread and c.joinable)
)`;
