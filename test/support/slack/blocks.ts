/** Block Kit validation: to be grown. */
export function checkBlocks(blocks: readonly unknown[], _surface: "message" | "view"): string[] {
  return blocks.length > 50 ? ["no more than 50 items allowed [json-pointer:/blocks]"] : [];
}

export function checkView(view: unknown): string[] {
  return typeof view === "object" && view !== null ? [] : ["must be an object [json-pointer:/view]"];
}
