/**
 * A word that occurs nowhere in the text, in whatever case: this one (in lower case), with a number where it does. A finite
 * text holds only so many of them, so there is always one.
 */
export function fenceOutside(text: string, word: string): string {
  const lower = text.toLowerCase();
  for (let n = 0; ; n++) {
    const fence = `${word}${n === 0 ? "" : n}`;
    if (!lower.includes(fence)) return fence;
  }
}
