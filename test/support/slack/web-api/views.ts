/** `views.*`. */
import type { StoredView } from "../types.ts";
import { newView, nextHash, openModal, pushModal, replaceView, takeTrigger } from "../views.ts";
import type { World } from "../world.ts";
import { type Call, type Method, text } from "./call.ts";
import { Refusal } from "./refusal.ts";

const TRIGGER = { trigger_id: "text", interactivity_pointer: "text", view: "json" } as const;

export const views: Record<string, Method> = {
  "views.open": {
    needs: [],
    takes: TRIGGER,
    required: ["trigger_id", "view"],
    run: (call) => openView(call, openModal),
  },
  "views.push": {
    needs: [],
    takes: TRIGGER,
    required: ["trigger_id", "view"],
    run: (call) => openView(call, pushModal),
  },
  "views.update": {
    needs: [],
    takes: { view: "json", view_id: "text", external_id: "text", hash: "text" },
    required: ["view"],
    run: update,
  },
  "views.publish": {
    needs: [],
    takes: { user_id: "text", view: "json", hash: "text" },
    required: ["user_id", "view"],
    run: publish,
  },
};

type Show = (world: World, user: string, view: StoredView) => StoredView;

/** Opens a view. Checks it first, so that a malformed one does not use up the trigger. */
function openView(call: Call, show: Show): Record<string, unknown> {
  const { world } = call;
  const view = newView(world, "views.open", call.args["view"]);
  if (view.type !== "modal") throw new Refusal("invalid_arguments", wrongType("modal"));
  const user = takeTrigger(world, text(call, "trigger_id") ?? "");
  const external = view.external_id;
  const all = [...world.modals.values()].flat();
  if (external && all.some((one) => one.external_id === external)) throw new Refusal("duplicate_external_id");
  return { view: structuredClone(show(world, user, view)) };
}

const wrongType = (right: string): Record<string, unknown> => ({
  response_metadata: { messages: [`[ERROR] must be of type ${right} [json-pointer:/view/type]`] },
});

function update(call: Call): Record<string, unknown> {
  const { world } = call;
  const [id, external] = [text(call, "view_id"), text(call, "external_id")];
  const open = [...world.modals.values()].flat();
  const old = open.find((one) => (id ? one.id === id : external !== undefined && one.external_id === external));
  if (!old) throw new Refusal("not_found");
  checkHash(call, old);
  return { view: structuredClone(replaceView(old, newView(world, "views.update", call.args["view"]))) };
}

function checkHash(call: Call, old: StoredView): void {
  const hash = text(call, "hash");
  if (hash !== undefined && hash !== old.hash) throw new Refusal("hash_conflict");
}

function publish(call: Call): Record<string, unknown> {
  const { world } = call;
  const user = text(call, "user_id") ?? "";
  if (!world.people.has(user)) throw new Refusal("user_not_found");
  const view = newView(world, "views.publish", call.args["view"]);
  if (view.type !== "home") throw new Refusal("invalid_arguments", wrongType("home"));
  const old = world.homes.get(user);
  if (old) {
    checkHash(call, old);
    Object.assign(view, { id: old.id, root_view_id: old.id, hash: nextHash() });
  }
  world.homes.set(user, view);
  return { view: structuredClone(view) };
}
