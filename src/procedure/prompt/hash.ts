/** Multipliers of the two halves (cyrb53, public domain). */
const FACTORS = [2_654_435_761, 1_597_334_677, 2_246_822_507, 3_266_489_909] as const;

/** A word of letters and digits that stands for a text: no secret, and no two texts share one by accident. */
export function hashOf(text: string): string {
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, FACTORS[0]);
    other = Math.imul(other ^ unit, FACTORS[1]);
  }
  one = Math.imul(one ^ (one >>> 16), FACTORS[2]) ^ Math.imul(other ^ (other >>> 13), FACTORS[3]);
  other = Math.imul(other ^ (other >>> 16), FACTORS[2]) ^ Math.imul(one ^ (one >>> 13), FACTORS[3]);
  return ((other >>> 0).toString(36) + (one >>> 0).toString(36)).padStart(LENGTH, "0");
}

/** Characters of the shortest word. */
const LENGTH = 12;
