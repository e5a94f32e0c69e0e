/** A file with `¦` before the place where a fault is expected: the file without it, and that place. */
export function marked(text: string): { source: string; at: string } {
  const at = text.indexOf("¦");
  if (at === -1) throw new Error("The file has no ¦ in it.");
  const before = text.slice(0, at).split("\n");
  return { source: text.replace("¦", ""), at: `${before.length}:${(before.at(-1)?.length ?? 0) + 1}` };
}
