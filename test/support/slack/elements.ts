/** Finds interactive elements in blocks, and their state as Slack reports it. */
import type { KnownBlock } from "@slack/types";

export interface Option {
  text: { type: string; text: string; emoji?: boolean };
  value?: string;
}

export interface Element {
  type: string;
  action_id?: string;
  text?: { text: string };
  placeholder?: { text: string };
  value?: string;
  options?: Option[];
  option_groups?: { options: Option[] }[];
  initial_value?: string;
  initial_option?: Option;
  initial_options?: Option[];
  min_length?: number;
  max_length?: number;
  [other: string]: unknown;
}

export interface PlacedElement {
  blockId: string;
  block: KnownBlock;
  element: Element;
}

/** Lists interactive elements, in order. */
function elementsOf(blocks: readonly KnownBlock[]): PlacedElement[] {
  return blocks.flatMap((block) => {
    const { elements, accessory, element } = block as { elements?: Element[]; accessory?: Element; element?: Element };
    const own = block.type === "actions" || block.type === "context_actions" ? (elements ?? []) : [accessory, element];
    const pressable = own.filter((one): one is Element => one !== undefined && one.type !== "image");
    return pressable.map((one) => ({ blockId: block.block_id ?? "", block, element: one }));
  });
}

/** Returns the element with this text, placeholder or action id; throws if there is none. */
export function findElement(blocks: readonly KnownBlock[], what: string): PlacedElement {
  const all = elementsOf(blocks);
  const names = ({ element }: PlacedElement) => [element.action_id, element.text?.text, element.placeholder?.text];
  const found = all.find((one) => names(one).includes(what));
  if (found) return found;
  const there = all.map((one) => JSON.stringify(names(one).filter(Boolean).toReversed())).join(", ");
  throw new Error(`There is no element "${what}"; there are: ${there || "none"}`);
}

const optionsOf = ({ options = [], option_groups: groups = [] }: Element): Option[] => [
  ...options,
  ...groups.flatMap((group) => group.options),
];

/** Returns the option with this text or value; throws if there is none. */
function findOption(element: Element, what: string): Option {
  const all = optionsOf(element);
  const found = all.find((one) => one.text.text === what) ?? all.find((one) => one.value === what);
  if (found) return found;
  throw new Error(`There is no option "${what}"; there are: ${all.map((one) => `"${one.text.text}"`).join(", ")}`);
}

/** Returns the state of an element, as in `state.values` and `actions`; `given` is the chosen or typed value. */
export function stateOf(element: Element, given: string | undefined): Record<string, unknown> {
  const option = given === undefined ? undefined : () => findOption(element, given);
  switch (element.type) {
    case "static_select":
    case "radio_buttons":
    case "overflow":
      return { type: element.type, selected_option: option?.() ?? element.initial_option ?? null };
    case "external_select":
      return {
        type: element.type,
        selected_option: given === undefined ? null : { text: { type: "plain_text", text: given }, value: given },
      };
    case "checkboxes":
    case "multi_static_select":
      return { type: element.type, selected_options: option ? [option()] : (element.initial_options ?? []) };
    case "users_select":
      return { type: element.type, selected_user: given ?? element["initial_user"] ?? null };
    case "channels_select":
      return { type: element.type, selected_channel: given ?? element["initial_channel"] ?? null };
    case "conversations_select":
      return { type: element.type, selected_conversation: given ?? element["initial_conversation"] ?? null };
    case "datepicker":
      return { type: element.type, selected_date: given ?? element["initial_date"] ?? null };
    case "timepicker":
      return { type: element.type, selected_time: given ?? element["initial_time"] ?? null };
    case "button":
      return { type: element.type, ...(element.value === undefined ? {} : { value: element.value }) };
    default:
      return { type: element.type, value: (given === "" ? null : given) ?? element.initial_value ?? null };
  }
}

/** Returns `state.values` of blocks filled in with `values` (by block id). */
export function stateValues(blocks: readonly KnownBlock[], values: Record<string, string>) {
  const state: Record<string, Record<string, unknown>> = {};
  for (const { blockId, element } of elementsOf(blocks)) {
    if (element.type === "button" || element.type === "overflow") continue;
    const own = (state[blockId] ??= {});
    own[element.action_id ?? ""] = stateOf(element, values[blockId]);
  }
  return state;
}

/** Returns why Slack's own client would not submit these values; null: it would. */
export function clientRefusal(blocks: readonly KnownBlock[], values: Record<string, string>): string | null {
  const ids = new Set(blocks.map((block) => block.block_id));
  for (const id of Object.keys(values))
    if (!ids.has(id)) return `there is no block "${id}"; there are: ${[...ids].join(", ")}`;
  for (const { blockId, block, element } of elementsOf(blocks)) {
    if (block.type !== "input") continue;
    const [stand] = Object.values(stateOf(element, values[blockId])).slice(1);
    const empty = stand === null || stand === "" || (Array.isArray(stand) && stand.length === 0);
    if (empty && block.optional !== true) return `"${blockId}" must be filled in`;
    if (empty || typeof stand !== "string") continue;
    if (stand.length > (element.max_length ?? Number.POSITIVE_INFINITY))
      return `"${blockId}" takes ${element.max_length} characters`;
    if (stand.length < (element.min_length ?? 0)) return `"${blockId}" needs ${element.min_length} characters`;
  }
  return null;
}
