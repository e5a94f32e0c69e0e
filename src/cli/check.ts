import { stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { AdapterRegistry } from "../adapter/registry.ts";
import { formatDiagnostic, formatGithub, formatJson, formatWithExcerpt } from "../content/print.ts";
import { readTextFile } from "../content/read.ts";
import { SETTINGS_FILE } from "../content/settings.ts";
import { type Diagnostic, inFileOrder } from "../language/diagnostic.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { checkFiles, FOLDERS, readHome } from "./content-check.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** One content folder to check, and the files to report on. */
interface Subject {
  home: string;
  /** Paths in the home; a folder includes all its files. Empty: everything. */
  only: readonly string[];
  /** Files from elsewhere, treated as part of the home: path on disk by path in the home. */
  beside: Readonly<Record<string, string>>;
}

/** `frontdesk check`. */
export async function checkCommand(args: Arguments, world: World): Promise<Exit> {
  const print = printer(args, world);
  const { config } = configurationOf(args, world);
  const subjects = await findSubjects(args.positionals, config.home);
  const found: Checked[] = [];
  for (const subject of subjects) found.push(await checkSubject(subject, world.adapters));
  print(found);
  const errors = count(found, "error");
  const files = found.reduce((sum, one) => sum + one.files, 0);
  world.err.write(
    `${files} files: ${formatCount(errors, "fault")}, ${formatCount(count(found, "warning"), "warning")}\n`,
  );
  return errors === 0 ? EXIT.ok : EXIT.failed;
}

interface Checked {
  diagnostics: readonly Diagnostic[];
  /** File texts by displayed path. */
  texts: Readonly<Record<string, string>>;
  files: number;
}

async function checkSubject({ home, only, beside }: Subject, adapters: AdapterRegistry): Promise<Checked> {
  const read = await readHome(home);
  const files: Record<string, string> = { ...read.files };
  for (const [path, from] of Object.entries(beside)) files[path] = await readNamedFile(from);
  const { diagnostics } = await checkFiles(files, adapters);
  // An unreadable file is reported once, not also as missing.
  const unreadable = new Set(read.diagnostics.map(({ file }) => file));
  const all = [...read.diagnostics, ...diagnostics.filter(({ file }) => !unreadable.has(file))].toSorted(inFileOrder);
  const wanted = (path: string): boolean =>
    only.length === 0 || only.some((one) => path === one || path.startsWith(`${one}/`));
  const shown = (path: string): string => relative(process.cwd(), beside[path] ?? join(home, path)) || path;
  return {
    diagnostics: all.filter(({ file }) => wanted(file)).map((one) => ({ ...one, file: shown(one.file) })),
    texts: Object.fromEntries(Object.entries(files).map(([path, text]) => [shown(path), text])),
    files: Object.keys(files).filter(wanted).length,
  };
}

async function readNamedFile(path: string): Promise<string> {
  const read = await readTextFile(path);
  if ("fault" in read) throw new UsageError(`${path} can't be checked: ${read.fault}.`);
  return read.text;
}

/** Finds the content folders that the arguments mean. Throws UsageError for a path that does not exist. */
async function findSubjects(paths: readonly string[], home: string): Promise<Subject[]> {
  if (paths.length === 0) return [{ home, only: [], beside: {} }];
  const subjects = new Map<string, Subject>();
  for (const given of paths) {
    const path = resolve(given);
    const kind = await kindOf(path);
    if (kind === "nothing") throw new UsageError(`There is nothing at ${given}.`);
    const found = await homeOf(path, kind);
    const at = found ?? home;
    const before = subjects.get(at) ?? { home: at, only: [], beside: {} };
    subjects.set(at, addPath(before, { path, kind, inside: found !== null }));
  }
  return [...subjects.values()];
}

function addPath(subject: Subject, o: { path: string; kind: "file" | "folder"; inside: boolean }): Subject {
  const { home, only, beside } = subject;
  const within = relative(home, o.path).split(sep).join("/");
  if (o.inside && (within === SETTINGS_FILE || isContentPath(within))) return { ...subject, only: [...only, within] };
  if (o.kind === "folder") return subject;
  const parent = basename(dirname(o.path));
  const folder = FOLDERS.find((one) => one === parent) ?? (/\.md$/i.test(o.path) ? "procedures" : "workflows");
  const name = `${folder}/${o.path.split(sep).join("/")}`;
  return { home, only: [...only, name], beside: { ...beside, [name]: o.path } };
}

const isContentPath = (path: string): boolean =>
  FOLDERS.some((folder) => path === folder || path.startsWith(`${folder}/`));

/** Finds the nearest content folder at or above a path. A folder given by name counts even without frontdesk.yaml. */
async function homeOf(path: string, kind: "file" | "folder"): Promise<string | null> {
  for (let folder = kind === "folder" ? path : dirname(path); ; folder = dirname(folder)) {
    if ((await kindOf(join(folder, SETTINGS_FILE))) === "file") return folder;
    if (dirname(folder) === folder) return kind === "folder" ? path : null;
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | "nothing"> {
  return stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    () => "nothing",
  );
}

function printer(args: Arguments, { out }: World): (found: readonly Checked[]) => void {
  const annotations = args.flag("annotations");
  if (annotations !== undefined && annotations !== "github") {
    throw new UsageError(`--annotations ${annotations} is unknown; use "github".`);
  }
  const line = lineFor({ github: annotations === "github", isTty: out.isTTY === true });
  return (found) => {
    const diagnostics = found.flatMap((one) => one.diagnostics);
    if (args.has("json")) {
      out.write(`${formatJson(diagnostics)}\n`);
      return;
    }
    for (const { diagnostics, texts } of found) for (const one of diagnostics) out.write(`${line(one, texts)}\n`);
  };
}

function lineFor({ github, isTty }: { github: boolean; isTty: boolean }) {
  return (one: Diagnostic, texts: Checked["texts"]): string => {
    if (github) return formatGithub(one);
    return isTty ? formatWithExcerpt(one, texts[one.file]) : formatDiagnostic(one);
  };
}

function count(found: readonly Checked[], severity: Diagnostic["severity"]): number {
  return found.flatMap((one) => one.diagnostics).filter((one) => one.severity === severity).length;
}

const formatCount = (count: number, what: string): string =>
  `${count === 0 ? "no" : count} ${what}${count === 1 ? "" : "s"}`;
