import type { ChannelAdapter } from "./adapter.ts";

/** Adapters by the name in `adapter:` of `frontdesk.yaml`, each loaded when it is first needed. */
export type AdapterRegistry = Readonly<Record<string, () => Promise<ChannelAdapter>>>;

/** Loads one adapter. Throws Error for an unknown name, listing the known ones. */
export async function loadAdapter(registry: AdapterRegistry, name: string): Promise<ChannelAdapter> {
  const load = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (load !== undefined) return load();
  const known = Object.keys(registry).sort().join(", ");
  throw new Error(`There is no adapter "${name}"; set adapter: to one of ${known}`);
}
