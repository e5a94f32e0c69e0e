/** Refusals of Twilio's REST API for a message, by its documented codes and, if available, its own schema. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

export interface FormRefusal {
  status: number;
  code: number;
  message: string;
}

interface OpenApi {
  paths: Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }>;
  components: { schemas: Record<string, { enum?: string[] }> };
}

const MAX_BODY_CHARACTERS = 1_600;
const MAX_MEDIA = 10;
const E164 = /^\+[1-9]\d{1,14}$/;
const SERVICE = /^MG[0-9a-fA-F]{32}$/;
const SENDER = /^(?:\+[1-9]\d{1,14}|\d{3,6}|[A-Za-z0-9 ]{1,11})$/;
const FORM = "application/x-www-form-urlencoded";
const CREATE_MESSAGE = "/2010-04-01/Accounts/{AccountSid}/Messages.json";

/** Allowed parameters of a message (https://www.twilio.com/docs/messaging/api/message-resource); Twilio ignores others. */
const PARAMETERS = new Set(
  ["To", "From", "MessagingServiceSid", "Body", "MediaUrl", "StatusCallback", "ValidityPeriod", "SmartEncoded"].concat([
    "ContentSid",
    "ContentVariables",
    "ContentRetention",
    "AddressRetention",
    "SendAsMms",
    "PersistentAction",
  ]),
);

const specFile = join(process.env["FRONTDESK_SPECS"] ?? "../shared/specs", "twilio_api_v2010.json");

/** Twilio's OpenAPI file (github.com/twilio/twilio-oai), which is not part of this project; null if not available. */
export const twilioSpec: OpenApi | null = existsSync(specFile) ? JSON.parse(readFileSync(specFile, "utf8")) : null;

const schema = twilioSpec && compile(twilioSpec);
if (schema === null) {
  console.warn(`NOT CHECKED against Twilio's schema: ${specFile} is missing. Name its folder with FRONTDESK_SPECS.`);
}

function compile(spec: OpenApi): ValidateFunction {
  const formats = { "phone-number": true, uri: (text: string) => URL.canParse(text), "date-time": true } as const;
  const ajv = new Ajv({ strict: false, coerceTypes: "array", formats });
  const form = spec.paths[CREATE_MESSAGE]?.post.requestBody.content[FORM]?.schema;
  if (form === undefined) throw new Error(`${specFile} does not describe ${CREATE_MESSAGE}`);
  const enums = Object.entries(spec.components.schemas).filter(([name]) => name.startsWith("message_enum_"));
  return ajv.compile({ ...form, additionalProperties: false, components: { schemas: Object.fromEntries(enums) } });
}

/** Returns the refusal of a form for a new message; null: accepted. `numbers`: the account's, if they are checked. */
export function refusalOf(
  contentType: string | undefined,
  text: string,
  numbers: readonly string[] | undefined,
): FormRefusal | null {
  if (!contentType?.startsWith(FORM)) return bad(20001, `Content-Type must be ${FORM}`);
  const form = new URLSearchParams(text);
  return media(form) ?? shape(form) ?? parties(form, numbers) ?? content(form) ?? callback(form.get("StatusCallback"));
}

function shape(form: URLSearchParams): FormRefusal | null {
  for (const name of form.keys()) {
    if (name !== "MediaUrl" && form.getAll(name).length > 1) return bad(20001, `${name} is given twice`);
    if (!PARAMETERS.has(name)) return bad(20001, `${name} is not a parameter of a message`);
  }
  const service = form.get("MessagingServiceSid");
  if (service !== null && !SERVICE.test(service)) return bad(21701, "The Messaging Service does not exist");
  if (schema === null) return null;
  const fields: Record<string, unknown> = {};
  for (const name of form.keys()) fields[name] = name === "MediaUrl" ? form.getAll(name) : form.get(name);
  if (schema(fields)) return null;
  const problem = schema.errors?.[0];
  const missingTo = problem?.keyword === "required";
  return bad(
    missingTo ? 21604 : 20001,
    `${problem?.instancePath} ${problem?.message} ${JSON.stringify(problem?.params)}`,
  );
}

function parties(form: URLSearchParams, numbers: readonly string[] | undefined): FormRefusal | null {
  const to = form.get("To");
  const from = form.get("From");
  if (!to) return bad(21604, "A 'To' phone number is required");
  if (!E164.test(to)) return bad(21211, "The 'To' number is not a valid phone number");
  if (!from && !form.get("MessagingServiceSid")) return bad(21603, "A 'From' phone number is required");
  if (from && !SENDER.test(from)) return bad(21212, "The 'From' number is not a valid phone number");
  if (from && numbers && !numbers.includes(from)) return bad(21606, "The 'From' number is not yours");
  return from === to ? bad(21266, "'To' and 'From' number cannot be the same") : null;
}

function media(form: URLSearchParams): FormRefusal | null {
  const urls = form.getAll("MediaUrl");
  if (urls.length > MAX_MEDIA) return bad(21623, "Number of media files exceeds allowed limit");
  const valid = urls.every((url) => /^https?:\/\//.test(url) && URL.canParse(url));
  return valid ? null : bad(21620, "Invalid media URL(s)");
}

function content(form: URLSearchParams): FormRefusal | null {
  const body = form.get("Body") ?? "";
  if (body.length > MAX_BODY_CHARACTERS)
    return bad(21617, "The concatenated message body exceeds the 1600 character limit");
  const other = form.has("MediaUrl") || form.has("ContentSid");
  return body.trim() === "" && !other ? bad(21602, "Message body is required") : null;
}

function callback(url: string | null): FormRefusal | null {
  if (url === null) return null;
  const valid = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && !new URL(url).hostname.includes("_");
  return valid ? null : bad(21609, "The 'StatusCallback' URL is not a valid URL");
}

const bad = (code: number, message: string): FormRefusal => ({ status: 400, code, message });
