/** Random numbers that are reproducible from a seed (mulberry32). */
export interface Random {
  /** Returns an integer, at least `from` and below `to`. */
  between(from: number, to: number): number;
  shuffled<Value>(all: readonly Value[]): Value[];
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from));
  const shuffled = <Value>(all: readonly Value[]): Value[] => {
    const left = [...all];
    return all.flatMap(() => left.splice(between(0, left.length), 1));
  };
  return { between, shuffled };
}
