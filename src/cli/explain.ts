import { CODES as CONTENT_CODES } from "../content/codes.ts";
import type { Code } from "../language/code.ts";
import { didYouMean } from "../language/suggest.ts";
import { CODES as PROCEDURE_CODES } from "../procedure/codes.ts";
import { CODES as SCENARIO_CODES } from "../simulation/codes.ts";
import { CODES as WORKFLOW_CODES } from "../workflow/codes.ts";
import type { Arguments } from "./arguments.ts";
import { explainConversation } from "./explain-conversation.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** The last code that means the same in all files. */
const LAST_SHARED = 18;

const CONVERSATION = /^[1-9]\d{0,15}$/;

/** `frontdesk explain`: prints what a code of `check` means, with an example, or what happened in a conversation. */
export async function explainCommand(args: Arguments, world: World): Promise<Exit> {
  const { out } = world;
  const [given, ...more] = args.positionals;
  if (given === undefined || more.length > 0)
    throw new UsageError("Name one code or conversation, as in: frontdesk explain W101, or: frontdesk explain 12.");
  if (CONVERSATION.test(given)) return explainConversation(Number(given), { args, world });
  const code = findCode(given.toUpperCase());
  if (code === null) {
    const known = allCodes().map((one) => one.code);
    throw new UsageError(`There is no code ${given}${didYouMean(given.toUpperCase(), known)}; check prints the codes.`);
  }
  out.write(args.has("json") ? `${JSON.stringify(code)}\n` : explained(code));
  return EXIT.ok;
}

const allCodes = (): readonly Code[] => [...WORKFLOW_CODES, ...PROCEDURE_CODES, ...CONTENT_CODES, ...SCENARIO_CODES];

function findCode(name: string): Code | null {
  const found = allCodes().find(({ code }) => code === name);
  const number = /^[CFS](\d{3})$/.exec(name)?.[1];
  if (found !== undefined || number === undefined || Number(number) > LAST_SHARED) return found ?? null;
  const shared = WORKFLOW_CODES.find(({ code }) => code === `W${number}`);
  return shared === undefined ? null : { ...shared, code: name };
}

function explained({ code, severity, meaning, example }: Code): string {
  const lines = example.split("\n").map((line) => `    ${line}`);
  return [`${code} (${severity}): ${meaning}`, "", "For example:", "", ...lines, ""].join("\n");
}
