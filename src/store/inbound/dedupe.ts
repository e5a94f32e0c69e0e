/**
 * Decides: has it come before? An item is repeated where its channel has seen any of its dedupe keys; else it is fresh.
 * The unique index of `dedupe_key` decides, so two processes never both find one message fresh (I2). Keys are written in
 * sorted order, so that two batches never wait for each other in a circle. Items that repeat one another within the batch
 * are left out before that (store-inbound.ts).
 *
 * From `item` and `not_addressed` to `repeated` and `fresh`; writes `dedupe_key`.
 */
export const DEDUPE = `
given_key as materialized (
  select distinct item.n, item.channel, k.key, item.raw
  from item cross join unnest(item.dedupe_keys) as k(key)
  where item.n not in (select n from not_addressed)
), stored_key as (
  insert into dedupe_key (channel, key, raw)
  select channel, key, raw from given_key order by channel, key
  on conflict (channel, key) do update set repeats = dedupe_key.repeats + 1
  returning channel, key, repeats = 0 as is_new
), repeated as materialized (
  select distinct given_key.n from given_key join stored_key using (channel, key) where not stored_key.is_new
), fresh as materialized (
  select item.* from item where item.n not in (select n from repeated) order by item.n
)`;
