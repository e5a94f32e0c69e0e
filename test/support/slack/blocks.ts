/** Checks blocks and views like Slack: by schema, limits and allowed places. */
import { describeErrors, loadKit } from "./block-schema.ts";
import { findBrokenLimits } from "./limits.ts";

type Block = Record<string, unknown> & { type: string };

const MAX_BLOCKS = { message: 50, view: 100 } as const;
/** Blocks that are not allowed in views ("Available in surfaces" on each block's reference page). */
const MESSAGES_ONLY = new Set([
  "markdown",
  "table",
  "data_table",
  "context_actions",
  "task_card",
  "plan",
  "carousel",
  "card",
]);

const kit = loadKit();

/** Lists the faults of blocks; empty: accepted. */
export function checkBlocks(blocks: readonly unknown[], surface: "message" | "view"): string[] {
  const max = MAX_BLOCKS[surface];
  const many = blocks.length > max ? [`no more than ${max} items allowed [json-pointer:/blocks]`] : [];
  const each = blocks.flatMap((block, n) => checkBlock(block, `/blocks/${n}`, surface));
  return [...many, ...each, ...findBrokenLimits(blocks, "/blocks"), ...checkTogether(blocks as Block[])];
}

function checkBlock(block: unknown, at: string, surface: "message" | "view"): string[] {
  const type = typeof block === "object" && block !== null ? (block as Block).type : undefined;
  const validate = kit.block(String(type));
  if (!validate) return [`unsupported type: ${String(type)} [json-pointer:${at}/type]`];
  if (surface === "view" && MESSAGES_ONLY.has(String(type)))
    return [`${String(type)} has no place in a view [json-pointer:${at}]`];
  const wrong = validate(block)
    ? []
    : [describeErrors(validate.errors).replace("[json-pointer:", `[json-pointer:${at}`)];
  return [...wrong, ...checkUnwrittenRules(block as Block, at)];
}

/** Checks rules that the types do not express. */
function checkUnwrittenRules(block: Block, at: string): string[] {
  const wrong: string[] = [];
  const { text, fields } = block as { text?: unknown; fields?: unknown };
  if (block.type === "section" && text === undefined && fields === undefined)
    wrong.push(`needs text or fields [json-pointer:${at}]`);
  const ids = (Array.isArray(block["elements"]) ? block["elements"] : []) as { action_id?: string }[];
  const twice = repeated(ids.flatMap((one) => (one.action_id === undefined ? [] : [one.action_id])));
  if (twice !== undefined) wrong.push(`action_id "${twice}" is used twice [json-pointer:${at}/elements]`);
  return wrong;
}

function checkTogether(blocks: readonly Block[]): string[] {
  const wrong: string[] = [];
  const twice = repeated(
    blocks.flatMap((block) => (typeof block?.["block_id"] === "string" ? [block["block_id"]] : [])),
  );
  if (twice !== undefined) wrong.push(`block_id "${twice}" is used twice [json-pointer:/blocks]`);
  if (blocks.filter((block) => block?.type === "table").length > 1)
    wrong.push("only one table allowed [json-pointer:/blocks]");
  return wrong;
}

const repeated = (all: readonly string[]): string | undefined => all.find((one, n) => all.indexOf(one) !== n);

/** Lists the faults of a view for `views.open` and similar methods. */
export function checkView(view: unknown): string[] {
  if (typeof view !== "object" || view === null) return ["must be an object [json-pointer:/view]"];
  const { blocks, ...rest } = view as { blocks?: unknown; type?: unknown; submit?: unknown };
  const validate = kit.view(rest.type === "home" ? "home" : "modal");
  const around = validate(rest) ? [] : [describeErrors(validate.errors)];
  if (!Array.isArray(blocks)) return [...around, "missing required field: blocks [json-pointer:/view]"];
  const inputs = (blocks as Block[]).some((block) => block?.type === "input");
  const submit =
    inputs && rest.type === "modal" && !rest.submit
      ? ["submit is required with input blocks [json-pointer:/view]"]
      : [];
  const all = [...around, ...submit, ...findBrokenLimits(rest), ...checkBlocks(blocks, "view")];
  return all.map((one) => one.replace(/\[json-pointer:(?!\/view)/, "[json-pointer:/view"));
}
