import { dirname } from "node:path/posix";
import { type Import, importsOf, type Sources, withoutComments } from "./sources.ts";
import { FLOORS, MAY_IMPORT, PURE, PURE_PACKAGES } from "./table.ts";

/** Longest file allowed (60 to 200 lines is the rule). */
const MAX_LINES = 400;

/** Returns every violation, as "file: message". */
export function violations(sources: Sources): string[] {
  const imports = Object.entries(sources).flatMap(([path, text]) => importsOf(path, text));
  return [
    ...imports.flatMap(forbiddenImport),
    ...imports.flatMap(upwardImport),
    ...imports.flatMap((one) => impureImport(one, sources)),
    ...Object.entries(sources).flatMap(([path, text]) => brokenIn(path, text)),
  ];
}

/** Returns the table entry of a file; for an adapter, its own folder. */
export function unitOf(path: string): string | null {
  const adapter = /^channels\/[^/]+(?=\/)/.exec(path)?.[0];
  if (adapter !== undefined) return adapter;
  const units = Object.keys(MAY_IMPORT).filter((unit) => within(path, unit));
  return units.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

const within = (path: string, unit: string): boolean => path === unit || path.startsWith(`${unit}/`);

function forbiddenImport({ from, specifier, to }: Import): string[] {
  const unit = unitOf(from);
  if (to === null) {
    const asPackage = /^(src|channels|test|examples|bench)\//.test(specifier);
    return asPackage ? [`${from}: imports ${specifier}, which is not a relative path`] : [];
  }
  // Only the registry imports every adapter.
  if (from === "channels/index.ts" && to.startsWith("channels/")) return [];
  const target = unitOf(to) ?? to;
  const allowed = unit === null ? [] : (MAY_IMPORT[unit] ?? MAY_IMPORT.channels ?? []);
  const may =
    target === unit || allowed.some((one) => one === target || one === to || (!MAY_IMPORT[target] && within(to, one)));
  return may ? [] : [`${from}: may not import ${to}`];
}

/** An import of a higher floor of the same folder, as `FLOORS` has them. */
function upwardImport({ from, to }: Import): string[] {
  if (to === null) return [];
  return Object.entries(FLOORS).flatMap(([folder, floors]) => {
    if (!within(from, folder) || !within(to, folder)) return [];
    return floorOf(to, floors) > floorOf(from, floors) ? [`${from}: is on a lower floor than ${to}`] : [];
  });
}

/** The number of a file's floor: the most exact entry wins. -1: it is on none. */
function floorOf(path: string, floors: readonly string[]): number {
  const own = floors.filter((floor) =>
    floor.endsWith("/*") ? dirname(path) === floor.slice(0, -2) : within(path, floor),
  );
  return floors.indexOf(own.toSorted((a, b) => b.length - a.length)[0] ?? "");
}

function impureImport({ from, specifier, to, typeOnly }: Import, sources: Sources): string[] {
  if (!isPure(from)) return [];
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? "";
  if (to === null) return PURE_PACKAGES.has(name) ? [] : [`${from}: is pure and may not import ${specifier}`];
  const text = sources[to] ?? "";
  const impure =
    !typeOnly && !isPure(to) && importsOf(to, text).some((one) => one.to === null && !PURE_PACKAGES.has(one.specifier));
  return impure ? [`${from}: is pure and may import only types of ${to}`] : [];
}

function isPure(path: string): boolean {
  return PURE.includes(unitOf(path) ?? "");
}

const CLOCK_AND_CHANCE =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bMath\.random\b|\bcrypto\.|\bperformance\b|\bset(?:Timeout|Interval|Immediate)\b|\bprocess\./;
/** `agent: false` is an option of Node's http; words of customers for a person are in strings. */
const AGENT = /\bagents?\b(?!: false)/i;

function brokenIn(path: string, text: string): string[] {
  const code = withoutComments(text);
  const lines = text.split("\n").length - 1;
  const broken: string[] = [];
  if (lines > MAX_LINES) broken.push(`has ${lines} lines, more than ${MAX_LINES}`);
  const clock = isPure(path) ? CLOCK_AND_CHANCE.exec(code) : null;
  if (clock !== null) broken.push(`is pure and may not use ${clock[0]}`);
  if (/\bprocess\.env\b/.test(code) && path !== "src/main.ts")
    broken.push("reads process.env, which only src/main.ts may");
  if (path.startsWith("src/") && AGENT.test(code.replace(/"[^"\n]*"|'[^'\n]*'|`[^`]*`/g, '""'))) {
    broken.push('says "agent": a person is an operator, the automatic party is the bot');
  }
  return broken.map((what) => `${path}: ${what}`);
}
