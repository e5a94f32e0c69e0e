/** Joins words as a choice: "A, B or C". */
export const listWords = (words: readonly string[], or: string): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${or} ${words.at(-1)}`;
