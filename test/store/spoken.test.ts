import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSpoken, type Spoken, type SpokenLimits } from "../../src/store/spoken.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const ALL = Number.MAX_SAFE_INTEGER;
const LIMITS: SpokenLimits = { perMessage: 100, max: 3_000, piece: 1_000 };

/** A conversation with these messages after its first, which the customer wrote ("hello"). */
async function conversation(thread: string) {
  const id = await bench.message(thread, "hello");
  const said = async (author: string, text: string, { files = "[]", amended = false } = {}): Promise<number> => {
    const { rows } = await bench.db.pool.query<{ id: number }>(
      `insert into message (conversation, author, text, attachments, at, amended_at)
       values ($1, $2, $3, $4, now(), case when $5 then now() end) returning id`,
      [id, author, text, files, amended],
    );
    return rows[0]?.id ?? 0;
  };
  return { id, said };
}

async function spokenIn(conversation: number, until = ALL): Promise<Spoken> {
  const [spoken] = await readSpoken(bench.db, [{ conversation, until }], LIMITS);
  if (spoken === undefined) throw new Error("Nothing was read");
  return spoken;
}

const texts = ({ messages }: Spoken): string[] => messages.map(({ text }) => text);

describe("what was said", () => {
  it("is in the order in which it came, with authors and names of files", async () => {
    const { id, said } = await conversation("order");
    await said("bot", "Which plan?");
    await said("customer", "", { files: '[{"ref":"1","name":"plan.pdf"},{"ref":"2","mediaType":"image/png"}]' });
    await said("operator", "Kim here.");
    await said("customer", "", { amended: true });
    expect(await spokenIn(id)).toEqual({
      messages: [
        { author: "customer", text: "hello", files: [] },
        { author: "bot", text: "Which plan?", files: [] },
        { author: "customer", text: "", files: ["plan.pdf", "image/png"] },
        { author: "operator", text: "Kim here.", files: [] },
        { author: "customer", text: "(taken back)", files: [] },
      ],
      cut: false,
    });
  });

  it("leaves out what the customer wrote after the message that is answered", async () => {
    const { id, said } = await conversation("until");
    const until = await said("customer", "one");
    await said("customer", "two");
    await said("bot", "three");
    expect(texts(await spokenIn(id, until))).toEqual(["hello", "one", "three"]);
  });

  it("is read of several conversations at once, each to its own end", async () => {
    const [one, other] = [await conversation("one"), await conversation("other")];
    const until = await one.said("customer", "mine");
    await one.said("customer", "later");
    await other.said("bot", "yours");
    const asked = [
      { conversation: other.id, until: ALL },
      { conversation: 0, until: ALL },
      { conversation: one.id, until },
      { conversation: one.id, until: ALL },
    ];
    expect((await readSpoken(bench.db, asked, LIMITS)).map(texts)).toEqual([
      ["hello", "yours"],
      [],
      ["hello", "mine"],
      ["hello", "mine", "later"],
    ]);
  });

  it("reads one character more of a long message than counts, so that its reader can tell", async () => {
    const { id, said } = await conversation("long");
    await said("customer", "x".repeat(500));
    expect(texts(await spokenIn(id))[1]).toHaveLength(101);
  });

  it("is bounded, and grows at its end until the next piece goes", async () => {
    const { id, said } = await conversation("bounded");
    let before: string[] = ["hello"];
    let jumps = 0;
    for (let n = 0; n < 60; n++) {
      await said(n % 2 === 0 ? "bot" : "customer", `${n} ${"x".repeat(n % 3 === 0 ? 0 : 90)}`);
      const spoken = await spokenIn(id);
      const now = texts(spoken);
      expect(now.at(-1)).toMatch(new RegExp(`^${n} `));
      expect(now.map((text) => text.length + 50).reduce((sum, one) => sum + one)).toBeLessThanOrEqual(LIMITS.max);
      if (now[0] !== before[0]) jumps++;
      else expect(now.slice(0, -1)).toEqual(before);
      expect(spoken.cut).toBe(now[0] !== "hello");
      before = now;
    }
    expect(jumps).toBe(4);
  });
});
