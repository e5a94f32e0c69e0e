/** Computes the cost of backtracking over a pattern's graph; see pattern.ts. */
import type { PatternGraph, Ways } from "./pattern-graph.ts";
import type { Ranges } from "./pattern-reading.ts";

/** An unbounded repetition: places that all lead to one another. */
export interface PatternLoop {
  places: ReadonlySet<number>;
  /** True if a character has two ways to continue within it. */
  forks: boolean;
}

/** Our own limit, because the time to compare loops is cubic in their size. */
const MAX_COMPARED = 200_000;

const setAt = (graph: PatternGraph, place: number): Ranges => graph.sets[place] ?? [];
const nextOf = (graph: PatternGraph, place: number): Ways => graph.next[place] ?? new Map();

export function loopsOf(graph: PatternGraph): readonly PatternLoop[] {
  const reached = graph.sets.map((_, place) => reachable(graph, place));
  const seen = new Set<number>();
  const loops: PatternLoop[] = [];
  for (const [place, from] of reached.entries()) {
    if (seen.has(place) || !from.has(place)) continue;
    const places = new Set([...from].filter((other) => reached[other]?.has(place)));
    for (const one of places) seen.add(one);
    const forks = [...places].some((one) => mostAtOnce(graph, inside(graph, { one, places }), () => 1) > 1);
    loops.push({ places, forks });
  }
  return loops;
}

function reachable(graph: PatternGraph, place: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [...nextOf(graph, place).keys()];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...nextOf(graph, one).keys());
  }
  return seen;
}

function inside(graph: PatternGraph, o: { one: number; places: ReadonlySet<number> }): Ways {
  return new Map([...nextOf(graph, o.one)].filter(([to]) => o.places.has(to)));
}

/** The greatest sum of `worth` over the places that one character matches, each counted once for each way. */
function mostAtOnce(graph: PatternGraph, ways: Ways, worth: (place: number) => number): number {
  const points = new Set([...ways.keys()].flatMap((place) => setAt(graph, place).map(([from]) => from)));
  let most = 0;
  for (const point of points) {
    let sum = 0;
    for (const [place, times] of ways) if (takes(setAt(graph, place), point)) sum += times * worth(place);
    most = Math.max(most, sum);
  }
  return most;
}

const takes = (set: Ranges, point: number): boolean => set.some(([from, to]) => from <= point && point <= to);

function common(a: Ranges, b: Ranges): Ranges {
  return a.flatMap(([from, to]) =>
    b.map(([low, high]) => [Math.max(from, low), Math.min(to, high)] as const).filter(([low, high]) => low <= high),
  );
}

/** Tells whether the same stretch of text can repeat one loop, lead from it to another, and repeat that one. */
export function shareText(graph: PatternGraph, loops: readonly PatternLoop[]): "yes" | "no" | "too large" {
  const left = { steps: MAX_COMPARED };
  for (const one of loops) {
    for (const other of loops) {
      if (one === other) continue;
      for (const from of one.places) {
        if ([...other.places].some((to) => shares(graph, { from, to, left }))) return "yes";
        if (left.steps <= 0) return "too large";
      }
    }
  }
  return "no";
}

function shares(graph: PatternGraph, o: { from: number; to: number; left: { steps: number } }): boolean {
  const size = graph.sets.length;
  const seen = new Set<number>();
  const open: (readonly [number, number, number])[] = [[o.from, o.from, o.to]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const a of nextOf(graph, state[0]).keys()) {
      for (const b of nextOf(graph, state[1]).keys()) {
        const both = common(setAt(graph, a), setAt(graph, b));
        if (--o.left.steps <= 0) return false;
        if (both.length === 0) continue;
        for (const c of nextOf(graph, state[2]).keys()) {
          if (--o.left.steps <= 0) return false;
          if (common(both, setAt(graph, c)).length === 0) continue;
          if (a === o.from && b === o.to && c === o.to) return true;
          const key = (a * size + b) * size + c;
          if (!seen.has(key)) open.push([a, b, c]);
          seen.add(key);
        }
      }
    }
  }
  return false;
}

const tried = (ways: Ways): number => [...ways.values()].reduce((sum, times) => sum + times, 0);

/** Steps for each character of the text, from one place where a match can begin. An upper bound. */
export function stepsEach(graph: PatternGraph, loops: readonly PatternLoop[]): number {
  const loopOf = new Map(loops.flatMap((loop) => [...loop.places].map((place) => [place, loop] as const)));
  const known = new Map<PatternLoop | null, Map<number, number>>();

  /** Steps after a place was matched; with `beside`, only over characters that this loop matches too. */
  const tree = (place: number, beside: PatternLoop | null): number => {
    const before = known.get(beside) ?? new Map<number, number>();
    known.set(beside, before);
    const found = before.get(place);
    if (found !== undefined) return found;
    const loop = loopOf.get(place);
    const steps = loop === undefined ? branch(place, beside) : around(loop);
    before.set(place, steps);
    return steps;
  };
  const branch = (place: number, beside: PatternLoop | null): number => {
    const going = new Map([...nextOf(graph, place)].filter(([to]) => beside === null || meets(to, beside)));
    const ends = graph.last.get(place) ?? 0;
    return tried(nextOf(graph, place)) + ends + mostAtOnce(graph, going, (to) => tree(to, beside)) + 1;
  };
  const around = (loop: PatternLoop): number => {
    let most = 0;
    let left = 0;
    for (const place of loop.places) {
      most = Math.max(most, tried(nextOf(graph, place)) + (graph.last.get(place) ?? 0));
      for (const [to, times] of nextOf(graph, place)) {
        if (!loop.places.has(to) && meets(to, loop)) left += times * tree(to, loop);
      }
    }
    const onward = Math.max(0, ...[...loop.places].map((place) => exit(place, loop)));
    return 1 + most + left + onward;
  };
  /** Steps after the loop's end, over places that share no character with it. They are entered once. */
  const exit = (place: number, loop: PatternLoop): number => {
    const out = new Map([...nextOf(graph, place)].filter(([to]) => !loop.places.has(to) && !meets(to, loop)));
    return mostAtOnce(graph, out, (to) => tree(to, null));
  };
  const meets = (place: number, loop: PatternLoop): boolean =>
    [...loop.places].some((one) => common(setAt(graph, one), setAt(graph, place)).length > 0);

  return tried(graph.first) + graph.empty + mostAtOnce(graph, graph.first, (to) => tree(to, null)) + 1;
}
