import type { PatternNode, Ranges } from "./pattern-reading.ts";

/** Numbers of places in a graph, each with the count of ways that lead there. */
export type Ways = ReadonlyMap<number, number>;

/**
 * The order in which the characters of a pattern can follow each other (Glushkov's automaton). A place is one character
 * of the pattern. Ways are counted, because a backtracking engine tries each of two ways between the same two places.
 */
export interface PatternGraph {
  /** The characters that each place matches. */
  sets: readonly Ranges[];
  next: readonly Ways[];
  first: Ways;
  last: Ways;
  /** Number of ways to match the empty text. */
  empty: number;
}

interface Piece {
  first: Ways;
  last: Ways;
  empty: number;
}

/** Our own limit, with repetitions written out. An order number has a dozen places. */
const MAX_PLACES = 300;

const NOTHING: Piece = { first: new Map(), last: new Map(), empty: 1 };

/** Builds the graph of a pattern, or returns the message of the fault that prevents it. */
export function graphOf(pattern: PatternNode): PatternGraph | { message: string } {
  const sets: Ranges[] = [];
  const next: Map<number, number>[] = [];
  let built = 0;
  const found: { fault: string | null } = { fault: null };

  const join = (from: Ways, to: Ways): void => {
    for (const [a, ways] of from) for (const [b, more] of to) add(next[a] ?? new Map(), b, ways * more);
  };
  const after = (a: Piece, b: Piece): Piece => {
    join(a.last, b.first);
    return {
      first: merged(a.first, b.first, a.empty),
      last: merged(b.last, a.last, b.empty),
      empty: a.empty * b.empty,
    };
  };
  const build = (node: PatternNode): Piece => {
    if (++built > MAX_PLACES * 4 || sets.length >= MAX_PLACES)
      found.fault ??= `this pattern, with its repetitions written out, has more than ${MAX_PLACES} characters`;
    if (found.fault !== null) return NOTHING;
    switch (node.kind) {
      case "edge":
        return NOTHING;
      case "one": {
        const at = new Map([[sets.length, 1]]);
        sets.push(node.of);
        next.push(new Map());
        return { first: at, last: at, empty: 0 };
      }
      case "all":
        return node.of.map(build).reduce(after, NOTHING);
      case "either":
        return node.of.map(build).reduce((a, b) => ({
          first: merged(a.first, b.first, 1),
          last: merged(a.last, b.last, 1),
          empty: a.empty + b.empty,
        }));
      case "repeat":
        return repeat(node);
    }
  };
  const repeat = ({ of, min, max }: Extract<PatternNode, { kind: "repeat" }>): Piece => {
    const unbounded = max === Number.POSITIVE_INFINITY;
    let all = NOTHING;
    for (let times = 0; times < (unbounded ? min - 1 : min) && found.fault === null; times++)
      all = after(all, build(of));
    if (unbounded) {
      const looped = loop(build(of));
      return after(all, min === 0 ? { ...looped, empty: 1 } : looped);
    }
    let rest = NOTHING;
    for (let times = min; times < max && found.fault === null; times++) {
      const longer = after(build(of), rest);
      rest = { ...longer, empty: longer.empty + 1 };
    }
    return after(all, rest);
  };
  const loop = (piece: Piece): Piece => {
    if (piece.empty > 0) found.fault ??= "something that may be empty is repeated without end";
    join(piece.last, piece.first);
    return piece;
  };

  const { first, last, empty } = build(pattern);
  return found.fault === null ? { sets, next, first, last, empty } : { message: found.fault };
}

function add(ways: Map<number, number>, to: number, more: number): void {
  ways.set(to, (ways.get(to) ?? 0) + more);
}

function merged(a: Ways, b: Ways, times: number): Ways {
  if (times === 0) return a;
  const all = new Map(a);
  for (const [to, ways] of b) add(all, to, ways * times);
  return all;
}
