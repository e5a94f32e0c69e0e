/**
 * The engine, QuickJS compiled to WebAssembly. Each run has an instance of its own on cleared memory, which takes two
 * milliseconds: nothing of a run is left for the next one, and one that runs out of memory breaks no other.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import variant from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";
import { MEMORY_PAGES } from "./limits.ts";

/** The part of WebAssembly's interface that is used here; Node has it, Node's types don't. */
declare const WebAssembly: {
  compile(code: Uint8Array): Promise<unknown>;
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** The package's types describe its CommonJS form, whose default export is one level down. */
const release = variant as unknown as QuickJSSyncVariant;

/** Makes an instance; the one before it must not be used any more. */
export type NewEngine = () => Promise<QuickJSWASMModule>;

/** Loads the engine's code once. */
export async function loadEngine(): Promise<NewEngine> {
  const file = import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
  const wasmModule = await WebAssembly.compile(await readFile(fileURLToPath(file)));
  // The engine's own limit counts allocations, not their bytes (quickjs-emscripten issue 271), so the memory is the limit.
  const wasmMemory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  return () => {
    new Uint8Array(wasmMemory.buffer).fill(0);
    return newQuickJSWASMModuleFromVariant(newVariant(release, { wasmModule, wasmMemory }));
  };
}
