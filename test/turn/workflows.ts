/** Workflow files that the tests of the turn play with. */

export const TRIAGE = `
title: Triage
status: live
on: [conversation.opened, conversation.reopened, message.received]
steps:
  - say: Hello, this is Acme.
  - ask: What is it about?
    save: topic
    options: { billing: An invoice, order: { label: My parcel, aliases: [delivery] }, access: Signing in }
  - tag: "topic:{{ topic }}"
  - switch: topic
    cases:
      billing: [{ handoff: billing, summary: "An invoice" }]
      order:
        - collect: { fields: { number: { type: 'id([0-9]{4})', ask: "Which order?", retries: 1 } } }
          save: order
        - use: crm.get
          with: { key: "{{ order.number }}" }
          save: account
          on_error: [{ say: "I could not look that up." }]
        - say: "Order {{ order.number }} is on its way."
      access: [{ close: solved by bot, say: "Use the link." }]
`;

export const HANDED_BACK = `
title: After people
status: live
on: conversation.handed_back
steps:
  - say: I am back.
`;

export const REMINDER = `
title: Remind
status: live
on: { conversation.idle: { for: 30m } }
steps:
  - say: Are you still there?
`;

export const SURVEY = `
title: Survey
status: live
on: conversation.closed
steps:
  - ask: How did we do?
    save: score
    options: { good: Good, bad: Bad }
    person: false
    give_up_after: 1d
  - tag: "score:{{ score }}"
  - if: score == "bad"
    then: [{ handoff: billing }]
    else: [{ say: Thank you. }]
`;
