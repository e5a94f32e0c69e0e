// Writes the JSON schema of Block Kit from the types of the installed @slack/types: npm run slack:schema. Run it after
// every change of that package's version; the tests' counterpart of Slack refuses a schema of another version.
import { readFileSync, writeFileSync } from "node:fs";
import { installTools } from "./install.mjs";

installTools();
const { createGenerator } = await import("ts-json-schema-generator");

const folder = "test/support/slack";
const { version } = JSON.parse(readFileSync("node_modules/@slack/types/package.json", "utf8"));
const config = {
  path: `${folder}/block-kit.ts`,
  type: "BlockKit",
  topRef: false,
  additionalProperties: false,
  skipTypeCheck: true,
};
const schema = createGenerator(config).createSchema("BlockKit");
writeFileSync(
  `${folder}/block-kit.schema.json`,
  `${JSON.stringify({ $comment: `@slack/types ${version}`, ...schema })}\n`,
);
