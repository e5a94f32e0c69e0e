/**
 * Writes down who a sender is, once the platform has told: after their messages were stored, since storing waits for
 * nothing outside (I9).
 *
 * 1. What is known already stays: only empty fields of a contact, and of messages, are filled.
 * 2. An event that no turn has handled yet is given the name, so that its turn greets by name. A turn that is at work on it
 *    meanwhile loses to the raised version, and loads it again.
 * 3. A conversation whose state lacks the name gets an event of kind `named`.
 * 4. Each conversation is locked by a statement of its own, so that nothing is waited for in a circle.
 */
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

export interface LearnedProfile {
  channel: string;
  address: string;
  /** "" where it is not known. */
  name: string;
  email: string;
  phone: string;
  /** BCP 47, with a region or not. */
  language: string;
  /** Ids of events of what they wrote meanwhile, without their name. */
  events: readonly number[];
}

/** The first version of states whose programs know events of kind `named`; others would quarantine it. */
const NAMED_SINCE = 3;
/** Open conversations of one contact that learn the name at once; others have it with their next message. */
const MAX_CONVERSATIONS = 50;

// An operator's message in a case's thread has no contact, and no row of the transcript before it is sent.
const LEARN: Statement = {
  name: "learn_profile",
  text: `
with given as materialized (
  select * from json_to_record($1::json) as x(channel text, address text, name text, email text, phone text, language text,
    events json)
), told as materialized (
  select e.id, e.conversation, e.kind, e.payload
  from given cross join json_array_elements_text(given.events) as g(id)
  cross join lateral (select * from event where event.id = g.id::bigint offset 0) e
), person as materialized (
  select a.contact from given cross join lateral (
    select contact from address where address.channel = given.channel and address.value = given.address offset 0
  ) a
), filled as (
  update contact c
  set name = coalesce(nullif(c.name, ''), given.name), email = coalesce(nullif(c.email, ''), given.email),
      phone = coalesce(nullif(c.phone, ''), given.phone), language = coalesce(nullif(c.language, ''), given.language)
  from given where c.id = any(array(select contact from person))
    and ((c.name = '' and given.name <> '') or (c.email = '' and given.email <> '') or (c.phone = '' and given.phone <> '')
      or (c.language = '' and given.language <> ''))
), signed as (
  update message m set author_name = given.name
  from given where m.id = any(array(select (payload->>'message')::bigint from told where kind in (
    'message', 'choice', 'opt_out', 'opt_in', 'help')))
    and m.author_name = '' and given.name <> ''
), open_conversation as materialized (
  select c.id from person cross join lateral (
    select id from conversation where conversation.contact = person.contact and closed_at is null
    order by id desc limit ${MAX_CONVERSATIONS} offset 0
  ) c
)
select conversation as id, (select contact from person) as contact from told
union
select id, (select contact from person) from open_conversation
order by 1`,
};

// The lock comes first, so that the state is the one that the last turn left; an event that a turn has handled by then is
// found handled by the update, whatever this statement saw when it began.
const NAME: Statement = {
  name: "name_conversation",
  text: `
with given as materialized (
  select * from json_to_record($1::json) as x(conversation bigint, contact bigint, name text, events json)
), locked as materialized (
  select c.id, c.closed_at, c.state from conversation c where c.id = (select conversation from given) for no key update
), known as materialized (
  select k.id, to_json(k) as contact, k.name, k.email, k.phone, k.language from (
    select id, name, email, phone, language, blocked, attributes from contact where id = (select contact from given)) k
), waiting as (
  update event e
  set payload = case
    when e.payload->'content'->'operator' is not null
      then jsonb_set(e.payload::jsonb, '{content,operator,name}', to_jsonb(given.name))
    when e.kind = 'operator' then jsonb_set(e.payload::jsonb, '{content,from,displayName}', to_jsonb(given.name))
    else jsonb_set(jsonb_set(e.payload::jsonb, '{content,from,displayName}', to_jsonb(given.name)), '{contact}',
      case when (e.payload->'contact'->>'id')::bigint = (select id from known) then (select contact::jsonb from known)
           else (e.payload->'contact')::jsonb end) end::json
  from given cross join locked
  where e.id = any(array(select g.id::bigint from json_array_elements_text(given.events) as g(id)))
    and e.conversation = locked.id and e.seq is null
    and (e.payload->'content'->'from'->>'displayName' = ''
      or (given.name <> '' and e.payload->'content'->'operator'->>'name' <> given.name))
  returning e.id
), raised as (
  update conversation c set version = c.version + 1 where c.id in (select id from locked) and exists (select from waiting)
), named as (
  insert into event (conversation, kind, payload)
  select locked.id, 'named', json_build_object('contact', known.contact)
  from locked join known on (locked.state->'state'->'contact'->>'id')::bigint = known.id
  where locked.closed_at is null and (locked.state->'state'->>'v')::int >= ${NAMED_SINCE}
    and exists (select from json_each_text(locked.state->'state'->'contact') as had(field, value)
      where had.value = '' and (had.field, true) in (
        ('name', known.name <> ''), ('email', known.email <> ''), ('phone', known.phone <> ''), ('language', known.language <> '')))
  returning id
)
select id from waiting union all select id from named`,
};

/**
 * Fills what is not known of a sender, and tells their open conversations. Returns the ids of conversations that have
 * something to read now. Throws what the database throws.
 */
export async function learnProfile(db: Db, learned: LearnedProfile): Promise<number[]> {
  const found = await db.run<{ id: number; contact: number | null }>(LEARN, [storableJson(learned)]);
  const changed: number[] = [];
  const { name, events } = learned;
  for (const { id: conversation, contact } of found) {
    const told = await db.run<{ id: number }>(NAME, [storableJson({ conversation, contact, name, events })]);
    if (told.length > 0) changed.push(conversation);
  }
  return changed;
}
