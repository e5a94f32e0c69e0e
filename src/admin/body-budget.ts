/** How much memory bodies may hold together that nobody has verified. */
export interface BodyBudget {
  /** False: there is no room for so many bytes more; nothing was taken. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  /** Taken now. */
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
