/** The id that code hosts give a heading, so that `[Cancel](#cancel)` is a link there too. */
export function slugOf(heading: string): string {
  // The rule of GitHub: letters, marks, numbers, connecting punctuation, dashes and spaces stay.
  return heading
    .toLowerCase()
    .trim()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}
