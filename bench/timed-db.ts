/** A connection to the database that times each statement under its name, and reads its plan. */
import { createLogger } from "../src/lib/logger.ts";
import { type Db, openDb } from "../src/store/db.ts";

export interface TimedDb extends AsyncDisposable {
  db: Db;
  /** Added to the names of statements ("×64"), where the number of their rows matters. */
  note: string;
  /** Milliseconds of each execution, by name and note. */
  readonly times: Map<string, number[]>;
  /** Forgets the times so far: those of the warm-up. */
  forget(): void;
  /** Plan of each statement that was executed, for any values, as PostgreSQL makes it for prepared statements. */
  plans(): Promise<Map<string, Scan[]>>;
}

/** A place where a plan reads a table. */
export interface Scan {
  /** "Seq Scan", "Index Scan", … */
  node: string;
  /** The index, or the table where none is used. */
  of: string;
  /** False where an index is read from its beginning: fine for one of waiting rows, with a limit. */
  byKey: boolean;
}

export function openTimedDb(url: string, { connections = 1 } = {}): TimedDb {
  const db = openDb({ url, log: createLogger({ level: "error" }), max: connections });
  const texts = new Map<string, string>();
  const timed: TimedDb = {
    note: "",
    times: new Map(),
    db: {
      ...db,
      async run<Row>(statement: Parameters<Db["run"]>[0], values: readonly unknown[]) {
        const label = `${statement.name}${timed.note}`;
        texts.set(statement.name, statement.text);
        const startedAt = performance.now();
        const rows = await db.run<Row>(statement, values);
        timed.times.set(label, [...(timed.times.get(label) ?? []), performance.now() - startedAt]);
        return rows;
      },
    },
    forget: () => timed.times.clear(),
    async plans() {
      const plans = new Map<string, Scan[]>();
      for (const [name, text] of texts) plans.set(name, await scans(db, text));
      return plans;
    },
    [Symbol.asyncDispose]: () => db.close(),
  };
  return timed;
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  "TID Cond"?: string;
  Plans?: PlanNode[];
}

async function scans(db: Db, text: string): Promise<Scan[]> {
  const { rows } = await db.pool.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    `explain (generic_plan, format json) ${text}`,
  );
  const [plan] = rows[0]?.["QUERY PLAN"] ?? [];
  return plan === undefined ? [] : scansOf(plan.Plan);
}

function scansOf(node: PlanNode): Scan[] {
  const kind = node["Node Type"];
  const of = node["Index Name"] ?? (kind === "Seq Scan" ? node["Relation Name"] : undefined);
  const own = of === undefined ? [] : [{ node: kind, of, byKey: node["Index Cond"] !== undefined }];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}
