import { choose } from "../adapter/choose/choose.ts";
import { capabilitiesOf } from "../compose/channel-entry.ts";
import { type NumberedOption, PERSON_OPTION } from "../domain/option.ts";
import { didYouMean } from "../language/suggest.ts";
import type { Arguments } from "./arguments.ts";
import { readChannelSettings } from "./channel-settings.ts";
import type { Configuration } from "./configuration.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** Languages in which replies are matched. */
const LANGUAGES = ["en", "de"];

/** `frontdesk inspect choice`: prints the option that a typed reply means. */
export async function inspectChoice(args: Arguments, o: { world: World; configuration: Configuration }): Promise<Exit> {
  const [, text, ...more] = args.positionals;
  if (text === undefined || more.length > 0) throw new UsageError("Give the reply as one text, in quotes.");
  const options = readOptions(args.flags("options"));
  const reservedWords = await reservedWordsOf(args.flag("channel"), o);
  const choice = choose(text, { id: "inspected", options, languages: LANGUAGES }, { reservedWords });
  o.world.out.write(`${JSON.stringify(choice)}\n`);
  return EXIT.ok;
}

/** Parses `billing=Billing`, numbered from 1 in the order given; the person is always 0. */
function readOptions(given: readonly string[]): NumberedOption[] {
  if (given.length === 0) throw new UsageError("Name the options that were shown: --options billing=Billing.");
  const options = given.map((written) => {
    const [, id, label] = /^([^=]+)=(.+)$/su.exec(written) ?? [];
    if (id === undefined || label === undefined) throw new UsageError(`--options ${written} is not ID=LABEL.`);
    return { id, label };
  });
  const ids = options.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new UsageError(`--options names ${twice} twice; an option has one label.`);
  let n = 0;
  return options.map(({ id, label }) => ({ n: id === PERSON_OPTION ? 0 : ++n, id, label, aliases: [] }));
}

/** Reads the reserved words of a channel in frontdesk.yaml, else of an adapter, by its name or its last part ("sms"). */
async function reservedWordsOf(
  name: string | undefined,
  { world, configuration }: { world: World; configuration: Configuration },
): Promise<readonly string[]> {
  if (name === undefined) return [];
  const channels = await readChannelSettings(configuration);
  const channel = channels.find((one) => one.name === name);
  const known = Object.keys(world.adapters);
  const adapterName = channel?.adapter ?? known.find((one) => one === name || one.endsWith(`-${name}`)) ?? name;
  const load = Object.hasOwn(world.adapters, adapterName) ? world.adapters[adapterName] : undefined;
  if (load === undefined) {
    const all = [...channels.map((one) => one.name), ...known];
    throw new UsageError(`There is no channel ${name}${didYouMean(name, all)}; there are ${all.join(", ")}.`);
  }
  const adapter = await load();
  const entry = (channel ?? channels.find((one) => one.adapter === adapterName))?.entry ?? {};
  return capabilitiesOf(adapter, entry).reservedWords;
}
