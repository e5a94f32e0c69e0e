import { type Command, commands } from "./commands.ts";

/** What `frontdesk --help` prints. */
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
    "frontdesk COMMAND --help says how to call one; frontdesk --version prints the version.",
    "Exit codes: 0 all well, 1 the answer is no, 2 called wrongly.",
    "",
  ].join("\n");
}

/** What `frontdesk COMMAND --help` prints. */
export function helpFor({ usage, about }: Command): string {
  return `${usage.map((line) => `frontdesk ${line}`).join("\n")}\n    ${about}\n`;
}
