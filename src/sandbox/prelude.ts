/**
 * The first script of every run: JavaScript of the engine, evaluated before the block. It takes away all that the list below
 * does not name, defines the library, freezes everything, and returns the function that runs a block.
 *
 * 1. Only texts cross the border, in both directions: no object of the block reaches this process.
 * 2. The result is read once, property by property, into objects without a prototype, so that no getter, `toJSON` or
 *    changed prototype has a say in how it is written.
 */
import { MESSAGE_LENGTH, RESULT_DEPTH } from "./limits.ts";

/** Globals that blocks have besides the library. No clock, no chance, no code from texts, nothing that waits. */
const GLOBALS = [
  "Array",
  "Boolean",
  "Error",
  "Infinity",
  "JSON",
  "Map",
  "Math",
  "NaN",
  "Number",
  "Object",
  "RangeError",
  "RegExp",
  "Set",
  "String",
  "TypeError",
  "decodeURIComponent",
  "encodeURIComponent",
  "isFinite",
  "isNaN",
  "parseFloat",
  "parseInt",
  "undefined",
];

/** What a run ends with, as JSON text. */
export type BlockEnd = { value: unknown } | { refused: string } | { threw: ThrownError };

export interface ThrownError {
  name: string;
  message: string;
  /** Lines such as "    at pick (block:3:12)". */
  stack: string;
}

/** Evaluates to a function of the library's door and the names in it, which returns the function that runs a block. */
export const PRELUDE = `(function (door, names) {
  "use strict";
  const { apply, ownKeys } = Reflect;
  const { create, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, keys, prototype: plain } = Object;
  const { isArray } = Array;
  const { isFinite } = Number;
  const { parse, stringify } = JSON;
  const { iterator } = Symbol;
  const world = globalThis;

  // The library: each call is a text to the door, and a text back.
  const scalar = (value) => (typeof value === "string" || typeof value === "number" ? value : null);
  const libraryFunction = (name) => (...values) => {
    const { value, fault } = parse(door(name, stringify(values.map(scalar))));
    if (fault !== undefined) throw new Error(fault);
    return value;
  };

  const kept = new Set(${JSON.stringify(GLOBALS)});
  for (const name of ownKeys(world)) if (!kept.has(name)) delete world[name];
  delete Math.random;
  const functions = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const one of functions) defineProperty(getPrototypeOf(one), "constructor", { value: undefined });
  for (const name of parse(names)) defineProperty(world, name, { value: libraryFunction(name) });

  const frozen = new Set();
  const freezeAll = (value) => {
    if (value === null || (typeof value !== "object" && typeof value !== "function") || frozen.has(value)) return;
    frozen.add(freeze(value));
    freezeAll(getPrototypeOf(value));
    for (const key of ownKeys(value)) {
      const { value: held, get, set } = getOwnPropertyDescriptor(value, key);
      freezeAll(held);
      freezeAll(get);
      freezeAll(set);
    }
  };
  const iterators = [[].keys(), ""[iterator](), "".matchAll(/a/g), new Map().keys(), new Set().keys()];
  for (const root of [world, ...functions, ...iterators]) freezeAll(root);

  // The result.
  const refusal = { message: "" };
  const refuse = (at, what) => {
    refusal.message = at.slice(0, ${MESSAGE_LENGTH}) + " is " + what;
    throw refusal;
  };
  const copyObject = (value, at, depth) => {
    const from = getPrototypeOf(value);
    if (from !== plain && from !== null) refuse(at, "no plain object");
    const copied = create(null);
    for (const key of keys(value)) {
      const held = value[key];
      if (held !== undefined) copied[key] = copy(held, at + "." + key, depth);
    }
    return copied;
  };
  const copyList = (value, at, depth) => {
    const copied = [];
    for (let i = 0; i < value.length; i++) copied[i] = copy(value[i], at + "[" + i + "]", depth);
    return copied;
  };
  const copy = (value, at, depth) => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") return isFinite(value) ? value : refuse(at, String(value));
    if (value === undefined) refuse(at, "undefined");
    if (typeof value !== "object") refuse(at, "a " + typeof value);
    if (depth === ${RESULT_DEPTH}) refuse(at, "more than ${RESULT_DEPTH} levels deep, or contains itself");
    return isArray(value) ? copyList(value, at, depth + 1) : copyObject(value, at, depth + 1);
  };

  // An error may be any value, with properties that throw or never end.
  const text = (error, key) => {
    try {
      const value = error[key];
      return typeof value === "string" ? value.slice(0, 2000) : "";
    } catch {
      return "";
    }
  };
  const described = (error) => {
    if (typeof error === "string") return { name: "", message: error.slice(0, 2000), stack: "" };
    return { name: text(error, "name"), message: text(error, "message"), stack: text(error, "stack") };
  };

  return (block, inputs) => {
    try {
      const result = apply(block, undefined, parse(inputs));
      return stringify({ value: copy(result, "The result", 0) });
    } catch (error) {
      return stringify(error === refusal ? { refused: refusal.message } : { threw: described(error) });
    }
  };
})`;
