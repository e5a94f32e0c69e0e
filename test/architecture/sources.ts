import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";

/** The texts of source files by path from the project's root. */
export type Sources = Readonly<Record<string, string>>;

/** Every `.ts` file under a folder. */
export function sourcesUnder(folder: string): Sources {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  return Object.fromEntries(paths.map((path) => [join(folder, path), readFileSync(join(folder, path), "utf8")]));
}

export interface Import {
  from: string;
  /** As written. */
  specifier: string;
  /** The path in the project; null for a package or a module of node's. */
  to: string | null;
  typeOnly: boolean;
}

/** Biome puts every import and export at the start of a line, and double quotes around every specifier. */
const STATIC = /^(?:import|export)\b([^;"']*?)\bfrom\s*"([^"]+)"/gm;
const BARE = /^import\s*"([^"]+)"/gm;
const LAZY = /\bimport\(\s*"([^"]+)"\s*\)/g;

/** What a file imports: statically, for its effects, lazily, and by exporting again. */
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

/** The code without its comments. An address in a string ("https://…") keeps its slashes. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, "").replace(/(?<![:"'`/\\])\/\/.*$/gm, "");
}
