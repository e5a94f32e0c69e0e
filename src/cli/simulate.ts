import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { performance } from "node:perf_hooks";
import { releaseOf } from "../compose/catalog.ts";
import { capabilitiesOf } from "../compose/channel-entry.ts";
import type { CompiledContent } from "../content/compile.ts";
import { formatDiagnostic } from "../content/print.ts";
import { didYouMean } from "../language/suggest.ts";
import { openSandbox, type Sandbox } from "../sandbox/sandbox.ts";
import { junitOf } from "../simulation/junit.ts";
import { textOf } from "../simulation/report.ts";
import type { Scenario } from "../simulation/scenario.ts";
import { simulate, type TimedVerdict } from "../simulation/simulate.ts";
import type { Stage } from "../simulation/stage.ts";
import { answerCode } from "../turn/asks/code.ts";
import type { ChannelShape } from "../turn/core/catalog.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { checkFiles, loadNamed, readHome } from "./content-check.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** `frontdesk simulate`: plays scenarios and reports those that do not hold. */
export async function simulateCommand(args: Arguments, world: World): Promise<Exit> {
  const { config } = configurationOf(args, world);
  const read = await readHome(config.home);
  const { content, scenarios, diagnostics } = await checkFiles(read.files, world.adapters);
  const faults = [...read.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
  if (content === null || faults.length > 0) {
    for (const fault of faults) world.err.write(`${formatDiagnostic(fault)}\n`);
    world.err.write("Nothing was played; correct these faults first.\n");
    return EXIT.failed;
  }
  const chosen = chosenScenarios(scenarios, args);
  await using sandbox = openSandbox();
  const stage = await stageOf(content, { adapters: world.adapters, sandbox });
  const verdicts: TimedVerdict[] = [];
  for (const scenario of chosen) verdicts.push(await timed(scenario, stage));
  const junit = args.flag("junit");
  if (junit !== undefined) await writeFile(junit, junitOf(verdicts));
  print(verdicts, { args, world, home: config.home });
  return verdicts.every(({ passed }) => passed) ? EXIT.ok : EXIT.failed;
}

/** The scenarios that the arguments name, by id or file, and by tag. Throws UsageError for a name that is not there. */
function chosenScenarios(scenarios: readonly Scenario[], args: Arguments): readonly Scenario[] {
  const named = args.positionals.map((name) => {
    const found = scenarios.find(({ id, file }) => name === id || name === file || name.endsWith(`/${file}`));
    const ids = scenarios.map(({ id }) => id);
    if (found === undefined) throw new UsageError(`There is no scenario ${name}${didYouMean(name, ids)}.`);
    return found;
  });
  const all = named.length === 0 ? scenarios : scenarios.filter((one) => named.includes(one));
  const tags = args.flags("tag");
  const tagged = tags.length === 0 ? all : all.filter((one) => one.tags.some((tag) => tags.includes(tag)));
  if (tagged.length > 0) return tagged;
  if (tags.length > 0) throw new UsageError(`No scenario has the tag ${tags.join(" or ")}.`);
  throw new UsageError("There are no scenarios; scenarios/README.md says how to write one.");
}

async function timed(scenario: Scenario, stage: Stage): Promise<TimedVerdict> {
  const from = performance.now();
  const verdict = await simulate(scenario, stage);
  return { ...verdict, ms: Math.round(performance.now() - from) };
}

function print(verdicts: readonly TimedVerdict[], o: { args: Arguments; world: World; home: string }): void {
  const { out, err } = o.world;
  const shown = verdicts.map((one) => ({ ...one, file: relative(process.cwd(), `${o.home}/${one.file}`) }));
  if (o.args.has("json")) out.write(`${JSON.stringify(shown)}\n`);
  else for (const one of shown) out.write(textOf(one, { verbose: o.args.has("verbose") }));
  const failed = verdicts.filter(({ passed }) => !passed).length;
  const scenarios = verdicts.length === 1 ? "scenario" : "scenarios";
  err.write(`${verdicts.length} ${scenarios}: ${verdicts.length - failed} passed, ${failed} failed\n`);
}

/** The folder as a stage: channels with what their adapters can, no database and no network. */
export async function stageOf(
  content: CompiledContent,
  { adapters, sandbox }: { adapters: World["adapters"]; sandbox: Sandbox },
): Promise<Stage> {
  const { channels, desk } = content.settings;
  const loaded = await loadNamed(new Set(Object.values(channels).map(({ adapter }) => adapter)), adapters);
  const shapes = new Map(
    Object.values(channels).flatMap(({ name, adapter, entry }): [string, ChannelShape][] => {
      const found = loaded.get(adapter);
      if (found === undefined) return [];
      return [[name, { can: capabilitiesOf(found, entry), measure: (text) => found.measure(text) }]];
    }),
  );
  const live = releaseOf({ ...content, id: 1 });
  return {
    catalog: {
      live,
      release: () => live,
      channel: (name) => shapes.get(name) ?? null,
      deskChannel: desk.channel,
      undoMs: 0,
      internalHosts: desk.internalHosts,
      fileUrl: () => null,
      link: () => "",
    },
    channel: Object.keys(channels)[0] ?? "",
    runCode: (request) => {
      const procedure = live.procedures.find(({ id }) => id === request.procedure) ?? null;
      return answerCode(request, { procedure, runCode: (job) => sandbox.run(job) });
    },
  };
}
