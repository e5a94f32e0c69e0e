import { type Command, commands } from "./commands.ts";

/** Text of `frontdesk --help`. */
export function help(): string {
  const listed = Object.values(commands).flatMap(({ usage, about }) => [
    ...usage.map((line) => `  frontdesk ${line}`),
    `      ${about}`,
  ]);
  return [
    "Frontdesk: a self-hosted support desk for messaging channels.",
    "",
    ...listed,
    "",
    "frontdesk COMMAND --help explains one command; frontdesk --version prints the version.",
    "Exit codes: 0 success, 1 failure, 2 wrong usage.",
    "",
  ].join("\n");
}

/** Text of `frontdesk COMMAND --help`. */
export function helpFor({ usage, about }: Command): string {
  return `${usage.map((line) => `frontdesk ${line}`).join("\n")}\n    ${about}\n`;
}
