/** What a procedure can look up while it is part of a workflow run. */
import type { ProcedureWorld } from "../procedure/run.ts";
import { procedureSentences } from "../procedure/sentences/sentences.ts";
import { readProcedureField } from "./procedure-answer.ts";
import { sentencesFor } from "./sentences/sentences.ts";
import type { Walk } from "./walk.ts";

export function procedureWorld(walk: Walk): ProcedureWorld {
  const { facts, catalog, budget } = walk;
  const { contact, conversation, now, languages } = facts;
  const { yes, no, person } = sentencesFor(languages);
  return {
    procedures: catalog.procedures,
    operation: (name) => catalog.operation(name),
    contact,
    conversation: { channel: conversation.channel, tags: conversation.tags },
    verified: catalog.verified,
    now,
    languages,
    model: catalog.model,
    quietMs: catalog.quietMs,
    read: (field, reply) => readProcedureField(field, reply, { languages, now }),
    mint: (n) => `${facts.idPrefix}.${walk.run.id}.p${n}`,
    budget,
    sentences: { yes, no, person, ...procedureSentences(languages) },
  };
}
