/** One performance goal, with its bound and the figure reached. */
export interface Goal {
  /** "G1" */
  name: string;
  /** The goal in words, with its bound. */
  goal: string;
  reached: string;
  met: boolean;
}

interface Bound {
  bound: number;
  of: string;
}

export const atLeast = (name: string, reached: number, { bound, of }: Bound): Goal => ({
  name,
  goal: `at least ${bound} ${of}`,
  reached: reached.toFixed(2),
  met: reached >= bound,
});

export const atMost = (name: string, reached: number, { bound, of }: Bound): Goal => ({
  name,
  goal: `at most ${bound} ${of}`,
  reached: reached.toFixed(2),
  met: reached <= bound,
});
