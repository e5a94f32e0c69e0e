/** Splits a file with `¦` before the expected fault into the file without the mark and the place of the fault. */
export function marked(text: string): { source: string; at: string } {
  const at = text.indexOf("¦");
  if (at === -1) throw new Error("The file has no ¦ in it.");
  const before = text.slice(0, at).split("\n");
  return { source: text.replace("¦", ""), at: `${before.length}:${(before.at(-1)?.length ?? 0) + 1}` };
}
