/** The command line: finds the command, parses its arguments, and turns its errors into a message and an exit code. */
import { didYouMean } from "../language/suggest.ts";
import { readArguments } from "./arguments.ts";
import { type Command, commands } from "./commands.ts";
import { explainError } from "./explain-error.ts";
import { help, helpFor } from "./help.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** Runs one command; `argv` holds the arguments after the program's name. Returns the exit code. Never rejects. */
export async function runCli(argv: readonly string[], world: World): Promise<Exit> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    world.out.write(help());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === "--version" || name === "-v") {
    world.out.write(`${world.version}\n`);
    return EXIT.ok;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const what = name.startsWith("-") ? "flag" : "command";
    const meant = didYouMean(name, [...Object.keys(commands), "--help", "--version"]);
    world.err.write(`There is no ${what} ${name}${meant}. See: frontdesk --help\n`);
    return EXIT.usage;
  }
  return run(command, rest, world);
}

async function run(command: Command, argv: readonly string[], world: World): Promise<Exit> {
  const flags = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  if (flags.includes("--help") || flags.includes("-h")) {
    world.out.write(helpFor(command));
    return EXIT.ok;
  }
  try {
    return await command.run(readArguments(argv, command.options), world);
  } catch (error) {
    if (error instanceof UsageError) {
      world.err.write(`${error.message}\n${helpFor(command)}`);
      return EXIT.usage;
    }
    world.err.write(`frontdesk: ${explainError(error)}\n`);
    return EXIT.failed;
  }
}
