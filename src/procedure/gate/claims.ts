/**
 * Commit, then claim: a reply may say that something was done only after a call has done it. English and German; a claim
 * in other words passes, so the procedures' own sentences carry what matters.
 */

const DONE_ENGLISH =
  /\b(?:i|we|it|that|this|has|have|is|are|was|were|been|['’]ve)\b[^.!?\n]{0,60}?\b(?:cancell?ed|refunded|credited|unlocked|reset|changed|updated|booked|ordered|shipped|sent out|applied|paused|upgraded|downgraded|approved|processed|completed|reactivated|replaced|deleted|removed|created|issued)\b/iu;
const DONE_GERMAN =
  /\b(?:habe|haben|hat|wurde|wurden|ist|sind)\b[^.!?\n]{0,60}?\b(?:storniert|gekündigt|erstattet|gutgeschrieben|entsperrt|zurückgesetzt|geändert|aktualisiert|gebucht|bestellt|versandt|verschickt|angewendet|pausiert|genehmigt|bearbeitet|abgeschlossen|ersetzt|gelöscht|entfernt|erstellt)\b/iu;
/** What a write sends off; an order on its way is something that a lookup tells. */
const SENT_OFF =
  /\b(?:refund|money|credit|replacement)\b[^.!?\n]{0,60}?\bon (?:its|the) way\b|(?:erstattung|geld|gutschrift|ersatz)\b[^.!?\n]{0,60}?\bunterwegs\b/iu;
/** Words that turn a claim: "has not been cancelled", "can be cancelled", "if it was changed". */
const TURNED =
  /\b(?:not|no|never|nothing|n['’]t|can|could|will|would|should|may|might|if|before|when|once|until|unless|nicht|nichts|kein\p{L}*|nie|kann|könnte|wird|würde|soll|falls|wenn|bevor|sobald)\b/iu;

/** True if a text says that something was done. */
export function claimsAnEffect(text: string): boolean {
  return text
    .split(/(?<=[.!?\n])\s*/u)
    .filter((sentence) => !sentence.trimEnd().endsWith("?") && !TURNED.test(sentence))
    .some((sentence) => [DONE_ENGLISH, DONE_GERMAN, SENT_OFF].some((claim) => claim.test(sentence)));
}
