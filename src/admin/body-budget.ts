/** Memory budget shared by unverified request bodies. */
export interface BodyBudget {
  /** Takes bytes from the budget; false, taking nothing, when there are too few left. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  /** Bytes taken now. */
  readonly held: number;
}

export function bodyBudget(maxBytes: number): BodyBudget {
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > maxBytes) return false;
      held += bytes;
      return true;
    },
    give(bytes) {
      held -= bytes;
    },
    get held() {
      return held;
    },
  };
}
