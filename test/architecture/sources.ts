import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";

/** Texts of source files by path from the project's root. */
export type Sources = Readonly<Record<string, string>>;

/** Lists the `.ts` files under a folder. */
export function sourcesUnder(folder: string): Sources {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  return Object.fromEntries(paths.map((path) => [join(folder, path), readFileSync(join(folder, path), "utf8")]));
}

export interface Import {
  from: string;
  /** The specifier as written. */
  specifier: string;
  /** The path in the project; null for a package or a Node module. */
  to: string | null;
  typeOnly: boolean;
}

/** Biome puts every import and export at the start of a line, and double quotes around every specifier. */
const STATIC = /^(?:import|export)\b([^;"']*?)\bfrom\s*"([^"]+)"/gm;
const BARE = /^import\s*"([^"]+)"/gm;
const LAZY = /\bimport\(\s*"([^"]+)"\s*\)/g;

/** Lists a file's imports: static, side-effect, dynamic, and re-exports. */
export function importsOf(from: string, text: string): Import[] {
  const code = withoutComments(text);
  const found = [
    ...[...code.matchAll(STATIC)].map(([, clause, specifier]) => ({
      specifier,
      typeOnly: /^\s*type\b/.test(clause ?? ""),
    })),
    ...[...code.matchAll(BARE), ...code.matchAll(LAZY)].map(([, specifier]) => ({ specifier, typeOnly: false })),
  ];
  return found.map(({ specifier = "", typeOnly }) => {
    const to = specifier.startsWith(".") ? join(dirname(from), specifier) : null;
    return { from, specifier, to, typeOnly };
  });
}

/** Removes comments from code; slashes in strings ("https://…") stay. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, "").replace(/(?<![:"'`/\\])\/\/.*$/gm, "");
}
