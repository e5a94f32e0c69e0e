/**
 * A part for the desk, and its stored form: the content of an outbox row with the key `desk`, by which statements
 * distinguish it from a customer's part.
 */
import type { CaseCard, DeskEntry, DeskQuestion, TranscriptMark } from "./case.ts";
import type { StoredFile } from "./message.ts";

export type DeskPart =
  | { kind: "card"; card: CaseCard }
  /** The messages before people came in, read when it is shown; `of`: those of a conversation that was merged into this one. */
  | { kind: "transcript"; since: TranscriptMark | null; until: TranscriptMark; of?: number }
  | { kind: "entry"; entry: DeskEntry }
  /**
   * The delivery status of the words named by `ref`, shown under them and later changed in place. `message` null: read from
   * the outbox when it is shown. With a question, it has two buttons.
   */
  | { kind: "mark"; ref: string; message: string | null; question: DeskQuestion | null }
  | { kind: "file"; file: StoredFile; author: string; from: "customer" | "reply" }
  | { kind: "hint"; operator: string; text: string };

type Stored = Readonly<Record<string, unknown>>;

/** The content of its row in the outbox. */
export function storedDeskPart({ kind, ...part }: DeskPart): Stored {
  return { desk: kind, ...part };
}

/** True for the content of an outbox row that is for the desk. */
export const isDeskContent = (content: unknown): content is Stored =>
  typeof content === "object" && content !== null && "desk" in content;

/** Reads what `storedDeskPart` wrote, or what builds before this one did. Throws Error where it can't be read. */
export function readDeskPart(content: unknown): DeskPart {
  const { desk, ...part } = content as Stored;
  switch (desk) {
    case "card":
      return { kind: "card", card: readCard(part["card"]) };
    case "mark": {
      const { says, ...mark } = part;
      return {
        kind: "mark",
        ...("says" in part ? { message: says } : {}),
        ...mark,
        question: questionOf(mark),
      } as DeskPart;
    }
    case "file": {
      const { kind: from, ...file } = part;
      return { kind: "file", from, ...file } as DeskPart;
    }
    case "transcript":
    case "entry":
    case "hint":
      return { kind: desk, ...part } as DeskPart;
    default:
      throw new Error(`The outbox holds a part for the desk of the unknown kind “${String(desk)}”`);
  }
}

/** Reads a stored card; `because` is what builds before this one called its reason. */
export function readCard(stored: unknown): CaseCard {
  if (typeof stored !== "object" || stored === null) throw new Error("A stored card of a case is not an object");
  const { because, ...card } = stored as CaseCard & { because?: string };
  return because === undefined ? card : { ...card, reason: because };
}

const questionOf = ({ question }: Stored): unknown => (question === "held" ? "on_hold" : question);
