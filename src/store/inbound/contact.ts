/**
 * Decides: whose message is it? The contact is the one that the sender's address belongs to (`address.contact`). An address
 * that is not known yet gets a contact, with the name and profile of its first item in the batch. The upsert answers with
 * the row whoever made it, so two first messages of one sender make one contact (I3). A contact that exists is left as it
 * is, whatever name comes along.
 *
 * From `customer_item` and `sender_limit` to `sender_contact` (address to contact) and `contact_profile` (the contact as its
 * event carries it); writes `address` and `contact`. `sender` sums up one sender's items: `messages` is how many there
 * are, `heard` the number of the last that the bot would answer. `known_sender` and `new_sender` carry the sender's counts
 * along (sender-pace.ts). Addresses are written in sorted order, as the keys are.
 */
import { COUNTS_NOW } from "./sender-pace.ts";

export const CONTACT = `
sender as materialized (
  select channel, "from", address_key, count(*) as messages, max(nth) filter (where kind in ('message', 'choice')) as heard
  from customer_item group by channel, "from", address_key
), known_sender as materialized (
  select sender.*, a.contact, ${COUNTS_NOW}
  from sender cross join lateral (
    select * from address where address.channel = sender.channel and address.value = sender."from" offset 0
  ) a
), new_sender as (
  insert into address as a (channel, value, contact, minute_count, hour_count, day_count, minute_told, hour_told, day_told)
  select s.channel, s."from", nextval('contact_id_seq'), messages, messages, messages,
         coalesce(heard > minute, false), coalesce(heard > hour, false), coalesce(heard > day, false)
  from sender s cross join sender_limit where address_key not in (select address_key from known_sender)
  order by s.channel, s."from"
  on conflict (channel, value) do update set minute_count = a.minute_count + excluded.minute_count,
    hour_count = a.hour_count + excluded.hour_count, day_count = a.day_count + excluded.day_count
  returning channel || E'\\n' || value as address_key, contact, xmax = 0 as is_new, minute_count, hour_count, day_count
), new_contact as (
  insert into contact (id, name, phone, email, language, attributes)
  select distinct on (s.contact) s.contact, c.display_name, coalesce(c.profile->>'phone', ''),
         coalesce(c.profile->>'email', ''), coalesce(c.profile->>'language', ''),
         coalesce((c.profile->'attributes')::jsonb, '{}')
  from new_sender s join customer_item c using (address_key)
  where s.is_new order by s.contact, c.n
  returning id, name, email, phone, language, blocked, attributes
), sender_contact as materialized (
  select address_key, contact from known_sender union all select address_key, contact from new_sender
), contact_profile as materialized (
  select id, name, email, phone, language, blocked, attributes from new_contact
  union all
  select c.id, c.name, c.email, c.phone, c.language, c.blocked, c.attributes
  from (select distinct contact from known_sender) k
  cross join lateral (select * from contact where contact.id = k.contact offset 0) c
  union all
  -- Made by another process in this very moment, so its row can't be seen from here yet.
  select distinct on (s.contact) s.contact, c.display_name, coalesce(c.profile->>'email', ''),
         coalesce(c.profile->>'phone', ''), coalesce(c.profile->>'language', ''), false,
         coalesce((c.profile->'attributes')::jsonb, '{}')
  from new_sender s join customer_item c using (address_key) where not s.is_new
)`;
