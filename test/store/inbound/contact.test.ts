import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { changes, type Door, openDoor, presses, writes } from "../../inbound/door.ts";

// A message is of the contact of its address; an unknown address makes a contact.

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

let serial = 0;
const someone = () => `dana ${++serial}`;

interface Contact {
  id: number;
  name: string;
  phone: string;
  email: string;
  language: string;
  blocked: boolean;
  attributes: Record<string, unknown>;
}

/** Takes the items in together; answers with the contacts that their events carry. */
async function contactsOf(...items: Inbound[]): Promise<Contact[]> {
  const stored = await door.takes(...items);
  expect(stored.every((one) => one.startsWith("stored"))).toBe(true);
  const rows = await door.rows<{ contact: Contact }>(
    "select payload->'contact' as contact from event order by id desc limit $1",
    items.length,
  );
  return rows.reverse().map(({ contact }) => contact);
}
const contactOf = async (item: Inbound): Promise<Contact> => {
  const [contact] = await contactsOf(item);
  if (contact === undefined) throw new Error("The event has no contact");
  return contact;
};

const NOBODY = { name: "", phone: "", email: "", language: "", blocked: false, attributes: {} };
const DANA = { displayName: "Dana Smith", profile: { phone: "+15550101", email: "d@acme.example", language: "de" } };

describe("an address that is not known yet", () => {
  it.each<[string, Parameters<typeof writes>[2], Partial<Contact>]>([
    ["nothing is known of but the address", {}, {}],
    ["its platform names", { displayName: "Dana Smith" }, { name: "Dana Smith" }],
    ["its platform vouches for something of", { profile: { phone: "+15550101" } }, { phone: "+15550101" }],
    [
      "other systems know by an id",
      { profile: { attributes: { billing_id: "cus_1" } } },
      { attributes: { billing_id: "cus_1" } },
    ],
    ["much is known of", DANA, { name: "Dana Smith", phone: "+15550101", email: "d@acme.example", language: "de" }],
  ])("that %s gets a contact with that", async (_, known, holds) => {
    const contact = await contactOf(writes(someone(), "hello", known));
    expect(contact).toEqual({ ...NOBODY, id: contact.id, ...holds });
    const [row] = await door.rows(
      "select id, name, phone, email, language, blocked, attributes from contact where id = $1",
      contact.id,
    );
    expect(row).toEqual(contact);
  });

  it("gets one contact for all its items of a batch, named by the first", async () => {
    const dana = someone();
    const [first, second, third] = await contactsOf(
      writes(`${dana} 1`, "hello", { from: dana, displayName: "Dana" }),
      writes(`${dana} 2`, "hello", { from: dana, displayName: "D. Smith", profile: { phone: "+15550101" } }),
      { ...presses(`${dana} 1`), from: writes("", "", { from: dana }).from } as Inbound,
    );
    expect(first).toEqual({ ...NOBODY, id: first?.id, name: "Dana" });
    expect([second, third]).toEqual([first, first]);
    expect(await door.rows("select 1 from address where value = $1", dana)).toHaveLength(1);
  });

  it("is another contact's on another channel", async () => {
    const dana = someone();
    await door.takesOn("chat", writes(dana, "hello"));
    await door.takesOn("other", writes(dana, "hello"));
    const contacts = await door.rows<{ contact: number }>("select contact from address where value = $1", dana);
    expect(new Set(contacts.map(({ contact }) => contact)).size).toBe(2);
  });

  // I3
  it("that another process is just making is that one's contact", async () => {
    const dana = someone();
    const holder = await door.db.pool.connect();
    await holder.query("begin");
    await holder.query("insert into contact (id, name) values (nextval('contact_id_seq'), 'Dana')");
    await holder.query("insert into address (channel, value, contact) values ('chat', $1, currval('contact_id_seq'))", [
      dana,
    ]);
    const contact = contactOf(writes(dana, "hello", { displayName: "Dana" }));
    const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while ((await door.rows(waiting)).length === 0);
    await holder.query("commit");
    holder.release();
    const { id, ...known } = await contact;
    expect(known).toEqual({ ...NOBODY, name: "Dana" });
    expect(await door.rows("select contact from address where value = $1", dana)).toEqual([{ contact: id }]);
    expect(await door.rows("select contact from conversation where thread = $1", dana)).toEqual([{ contact: id }]);
  });
});

describe("an address that is known", () => {
  it("is its contact's, as the contact is known, whatever comes along", async () => {
    const dana = someone();
    const { id } = await contactOf(writes(dana, "hello", DANA));
    await door.rows(
      `update contact set name = 'Dana Meyer', blocked = true, attributes = '{"tier":"gold"}' where id = $1`,
      id,
    );
    const { profile } = DANA;
    expect(await contactOf(writes(dana, "me again", { displayName: "dmx", profile: { phone: "+15550199" } }))).toEqual({
      id,
      name: "Dana Meyer",
      ...profile,
      blocked: true,
      attributes: { tier: "gold" },
    });
  });

  it("may be one of several of its contact", async () => {
    const [dana, phone] = [someone(), someone()];
    const { id } = await contactOf(writes(dana, "hello", DANA));
    await door.rows("insert into address (channel, value, contact) values ('chat', $1, $2)", phone, id);
    expect(await contactOf(writes(phone, "from my phone"))).toMatchObject({ id, name: "Dana Smith" });
    const [first, second] = await contactsOf(writes(dana, "both"), writes(phone, "at once"));
    expect([first?.id, second?.id]).toEqual([id, id]);
  });
});

describe("a thread in which several people write", () => {
  it("has a contact for each of them, and its conversation is the first one's", async () => {
    const [dana, bob] = [someone(), someone()];
    const [first, second] = await contactsOf(
      writes(dana, "hello", { displayName: "Dana" }),
      writes(dana, "me too", { from: bob, displayName: "Bob" }),
    );
    expect([first?.name, second?.name]).toEqual(["Dana", "Bob"]);
    expect(await door.rows("select contact from conversation where thread = $1", dana)).toEqual([
      { contact: first?.id },
    ]);
  });
});

describe("an edit", () => {
  it("carries the contact of the conversation, not of whoever made it", async () => {
    const dana = someone();
    const { id } = await contactOf(writes(dana, "hello", { id: `${dana} 1`, displayName: "Dana" }));
    expect(await contactOf(changes(dana, `${dana} 1`, "hallo", "somebody else"))).toEqual({
      ...NOBODY,
      id,
      name: "Dana",
    });
    expect(await door.rows("select 1 from address where value = 'somebody else'")).toEqual([]);
  });

  it("of a message of the same batch carries its contact, too", async () => {
    const dana = someone();
    const [message, edit] = await contactsOf(
      writes(dana, "hello", { id: `${dana} 1`, displayName: "Dana" }),
      changes(dana, `${dana} 1`, "hallo"),
    );
    expect(edit).toEqual(message);
  });
});
