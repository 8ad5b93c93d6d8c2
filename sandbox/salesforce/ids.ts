/** Record ids as the vendor makes them: a prefix per object, a counter in base 62, and a suffix that survives changed case. */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/** The org's own two characters, the same in every id it hands out. */
const POD = "Hs";

/** The `sequence`-th id of an object whose ids start with the three characters `prefix`. */
export function recordId(prefix: string, sequence: number): string {
  return withSuffix(`${prefix}${POD}${base62(sequence).padStart(10, "0")}`);
}

/** 15 characters to 18: each suffix character says which letters of a block of five are capitals. */
export function withSuffix(id15: string): string {
  let suffix = "";
  for (let block = 0; block < 3; block++) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const letter = id15.charAt(block * 5 + i);
      if (letter >= "A" && letter <= "Z") bits |= 1 << i;
    }
    suffix += SUFFIX.charAt(bits);
  }
  return id15 + suffix;
}

/** An id in either form as 18 characters, or null when the text cannot be an id. */
export function normalId(text: string): string | null {
  if (/^[0-9A-Za-z]{15}$/.test(text)) return withSuffix(text);
  return /^[0-9A-Za-z]{15}[A-Z0-5]{3}$/.test(text) && withSuffix(text.slice(0, 15)) === text ? text : null;
}

function base62(value: number): string {
  let rest = value;
  let text = "";
  do {
    text = DIGITS.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return text;
}
