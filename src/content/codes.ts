import { type Code, error, warning } from "../language/code.ts";

/** Codes of connector files (C…) and of frontdesk.yaml (F…), without those that mean the same in workflow files. */
export const CODES: readonly Code[] = [
  error("C121", "Two files have the same id.", "id: crm"),
  error("C201", "A plain secret.", "auth: { bearer: s3cr3t }"),
  warning("C202", "A write without `idempotency:` and `read_back:`.", "kind: write"),
  error(
    "C203",
    "`kind:` and the method do not match, or a key belongs to the other kind: `idempotency`, `confirm` and `read_back` to writes, `cache` to reads.",
    "kind: read\nrequest: DELETE /orders/{id}",
  ),
  error(
    "C204",
    "A `{name}` in the path that is missing in `input:` and `identity:`, optional, or a list.",
    "request: GET /orders/{id}\ninput: {}",
  ),
  error(
    "C205",
    "A secret that `frontdesk.yaml` does not list for this connector, or that is withheld.",
    'auth: { bearer: "env:CRM_TOKEN" }',
  ),
  error(
    "C206",
    "An `identity:` that is no fact of the contact that identifies, or an input that `input:` has, too.",
    "identity: { customer: contact.name }",
  ),
  error(
    "C207",
    "A `read_back:` that can't tell what came of the write: no such read, an input without a source, or fields that the read does not return.",
    "read_back: get_ordr",
  ),
  error("C208", "One name for different fields in `returns:`.", "returns: { Order: { id: string } }"),
  error("C209", "A `module:` that is no `.mjs` file right in `connectors/`.", "module: ../crm.mjs"),
  error("F101", "No such queue under `queues:`.", "default_queue: frontline"),
  error("F102", "A list of secrets for a connector that is not there.", 'secrets: { crn: ["env:CRM_TOKEN"] }'),
  error(
    "F106",
    "No such channel under `channels:`, or one of another adapter than the desk's.",
    "desk: { adapter: slack, channel: slak }",
  ),
  error("F107", "No such adapter.", "channels: { sms: { adapter: twilo-sms } }"),
  error("F108", "A channel that its adapter refuses, with its reason.", "channels: { sms: { adapter: twilio-sms } }"),
  warning(
    "F110",
    "Nobody sees the cases of this channel: the desk's page shows only its own channels.",
    "desk: { adapter: playground }",
  ),
  error("F115", "`closed_say:` uses another value than `queue.opens_at`.", "closed_say: 'Hi {{ contact.name }}'"),
  error("F201", "A plain secret.", "channels: { slack: { adapter: slack, bot_token: xoxb-1 } }"),
  error("F202", "A secret that is withheld from channels and connectors.", 'secrets: { crm: ["env:DATABASE_URL"] }'),
];
