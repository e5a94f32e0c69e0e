import type { Arguments, Options } from "./arguments.ts";
import type { Exit, World } from "./world.ts";

export interface Command {
  /** Usage after `frontdesk`, one line for each form. */
  usage: readonly string[];
  about: string;
  options: Options;
  run(args: Arguments, world: World): Promise<Exit>;
}

const text = { type: "string" } as const;
const yes = { type: "boolean" } as const;

/** All commands; the code of each is loaded when it is called. */
export const commands: Readonly<Record<string, Command>> = {
  start: {
    usage: ["start [--role all|web|worker] [--port 3000] [--home DIR]"],
    about: "runs the server, on an embedded PostgreSQL unless DATABASE_URL is set",
    options: { role: text, port: text, home: text },
    run: async (args, world) => (await import("./start.ts")).startCommand(args, world),
  },
  check: {
    usage: ["check [PATH …] [--home DIR] [--json] [--annotations github]"],
    about: "validates frontdesk.yaml, workflows, procedures, connectors and scenarios",
    options: { home: text, json: yes, annotations: text },
    run: async (args, world) => (await import("./check.ts")).checkCommand(args, world),
  },
  explain: {
    usage: ["explain CODE [--json]", "explain CONVERSATION [--home DIR] [--json]"],
    about: "prints what a code of check means, or what happened in a conversation and why",
    options: { home: text, json: yes },
    run: async (args, world) => (await import("./explain.ts")).explainCommand(args, world),
  },
  simulate: {
    usage: ["simulate [SCENARIO …] [--tag TAG] [--home DIR] [--json] [--junit FILE] [--verbose]"],
    about: "plays the scenarios of the content folder, without database, network or model, and says which hold",
    options: { home: text, json: yes, junit: text, tag: { type: "string", multiple: true }, verbose: yes },
    run: async (args, world) => (await import("./simulate.ts")).simulateCommand(args, world),
  },
  render: {
    usage: ["render ID [--home DIR]"],
    about: "prints a procedure or workflow as a Mermaid diagram",
    options: { home: text },
    run: async (args, world) => (await import("./render.ts")).renderCommand(args, world),
  },
  schema: {
    usage: ["schema [procedure]"],
    about: "prints the JSON Schema of a procedure's front matter, for editors",
    options: {},
    run: async (args, world) => (await import("./schema.ts")).schemaCommand(args, world),
  },
  inspect: {
    usage: ["inspect ADAPTER FILE|-", "inspect choice --options ID=LABEL [--options …] [--channel NAME] [--] TEXT"],
    about: "prints how an adapter reads a raw webhook body, or which option a typed reply means",
    options: { home: text, json: yes, options: { type: "string", multiple: true }, channel: text },
    run: async (args, world) => (await import("./inspect.ts")).inspectCommand(args, world),
  },
  migrate: {
    usage: ["migrate [--home DIR] [--json]"],
    about: "brings the database's tables up to date",
    options: { home: text, json: yes },
    run: async (args, world) => (await import("./migrate.ts")).migrateCommand(args, world),
  },
  doctor: {
    usage: ["doctor [--home DIR] [--json]"],
    about:
      "checks configuration, database, Redis, content, secrets, channels and backlog, and prints a fix for each problem",
    options: { home: text, json: yes },
    run: async (args, world) => (await import("./doctor.ts")).doctorCommand(args, world),
  },
  waiting: {
    usage: ["waiting [--limit 50] [--home DIR] [--json]"],
    about: "lists the open conversations, oldest first, with who answers next and since when",
    options: { home: text, limit: text, json: yes },
    run: async (args, world) => (await import("./waiting.ts")).waitingCommand(args, world),
  },
  replay: {
    usage: ["replay CONVERSATION [--home DIR] [--json]"],
    about: "prints a conversation's journal, and says whether today's code decides the same",
    options: { home: text, json: yes },
    run: async (args, world) => (await import("./replay.ts")).replayCommand(args, world),
  },
  link: {
    usage: ["link [--home DIR] [--json]"],
    about: "prints a link that opens the playground from another machine, valid once and for one hour",
    options: { home: text, json: yes },
    run: async (args, world) => (await import("./link.ts")).linkCommand(args, world),
  },
  files: {
    usage: [
      "files links CONVERSATION [--home DIR] [--json]",
      "files revoke CONVERSATION|LINK|TOKEN [--home DIR] [--json]",
    ],
    about: "prints new links to a conversation's files, or revokes links",
    options: { home: text, json: yes },
    run: async (args, world) => (await import("./files.ts")).filesCommand(args, world),
  },
  slack: {
    usage: ["slack manifest [--channel NAME] [--name APP] [--home DIR] [--json]"],
    about: "prints the Slack app manifest for frontdesk.yaml",
    options: { home: text, channel: text, name: text, json: yes },
    run: async (args, world) => (await import("./slack.ts")).slackCommand(args, world),
  },
};
