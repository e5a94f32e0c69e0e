/** Letters of scripts that put spaces between words, and numbers: a piece out of the middle of these is none of the text. */
const JOINED = /[\p{N}\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** True if a text holds this piece as a whole: not "50" of "1500" or of "1,50", nor "sure" of "measure". */
export function holdsWhole(text: string, piece: string): boolean {
  if (piece === "") return false;
  for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) {
    if (isWhole(text, at, at + piece.length)) return true;
  }
  return false;
}

function isWhole(text: string, from: number, to: number): boolean {
  return !isJoined(text, from) && !isJoined(text, to);
}

/** True where the text goes on within a word or a number at this place. */
function isJoined(text: string, at: number): boolean {
  const [before, after] = [text.slice(Math.max(0, at - 2), at), text.slice(at, at + 2)];
  if (/\d[.,]?$/u.test(before) && /^[.,]?\d/u.test(after)) return true;
  return JOINED.test(before.slice(-1)) && JOINED.test(after.slice(0, 1));
}
