import { parseArgs } from "node:util";
import { didYouMean } from "../language/suggest.ts";
import { UsageError } from "./world.ts";

/** The parsed arguments of one command. */
export interface Arguments {
  /** The last value of a flag. */
  flag(name: string): string | undefined;
  /** All values of a flag that may be repeated. */
  flags(name: string): readonly string[];
  has(name: string): boolean;
  positionals: readonly string[];
}

export type Options = Readonly<Record<string, { type: "string" | "boolean"; multiple?: true }>>;

/** Parses the arguments after a command's name. Throws UsageError. */
export function readArguments(argv: readonly string[], options: Options): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return {
      flag: (name) => texts(values[name]).at(-1),
      flags: (name) => texts(values[name]),
      has: (name) => values[name] === true,
      positionals,
    };
  } catch (error) {
    throw new UsageError(usageMessage(error, argv, Object.keys(options)), { cause: error });
  }
}

function texts(value: string | boolean | (string | boolean)[] | undefined): string[] {
  return [value].flat().filter((item) => typeof item === "string");
}

function usageMessage(error: unknown, argv: readonly string[], known: readonly string[]): string {
  const { code, message } = error as { code?: string; message: string };
  if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") return message;
  const flag = /'(-[^' ]+)/.exec(message)?.[1] ?? "";
  const dashed = known.map((name) => `--${name}`);
  const meant = didYouMean(flag.split("=")[0] ?? "", dashed);
  const text = argv.includes("--") ? "" : "; put a text that begins with a dash after --";
  return `There is no flag ${flag}${meant}${meant === "" ? text : ""}`;
}
