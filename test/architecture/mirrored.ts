/** Tests of more than one source: the whole program, the ports, attacks, and what all tests use. */
const WHOLE = ["e2e", "faults", "conformance", "doors"];
/** Tests about the project itself. */
const PROJECT = ["architecture", "security-page", "supply-chain"];

/**
 * True for `test/<path>/<name>[.<aspect>].test.ts` where the source `<path>/<name>.ts` is there: under `src`, under `channels`,
 * or, for what tests use, under `test/support`.
 */
export function isAtItsSource(path: string, exists: (file: string) => boolean): boolean {
  const match = /^test\/((?:.*\/)?)([^/.]+)(?:\.[\w-]+)?\.test\.ts$/.exec(path);
  if (match === null) return false;
  const [, folder = "", name = ""] = match;
  if (WHOLE.includes(folder.split("/")[0] ?? "") || (folder === "" && PROJECT.includes(name))) return true;
  const file = `${folder}${name}.ts`;
  if (folder.startsWith("support/")) return exists(`test/${file}`);
  return exists(folder.startsWith("channels/") ? file : `src/${file}`);
}
