const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The three characters that make a 15-character id safe where case is lost: one for each five, a bit for each capital. */
function checksum(id15: string): string {
  let text = '';
  for (let from = 0; from < 15; from += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const code = id15.charCodeAt(from + i);
      if (code >= 65 && code <= 90) bits |= 1 << i;
    }
    text += CHECKSUM[bits] ?? '';
  }
  return text;
}

/** The `n`-th id of an object, 18 characters: key prefix, the pod and org part, the number in base 62, the checksum. */
export function makeId(keyPrefix: string, n: number): string {
  let digits = '';
  for (let rest = n; rest > 0; rest = Math.floor(rest / 62)) digits = (ALPHABET[rest % 62] ?? '') + digits;
  const id15 = `${keyPrefix}dt${digits.padStart(10, '0')}`;
  return id15 + checksum(id15);
}

/** The 18-character form of an id of 15 or 18 characters, or undefined where it is none. */
export function to18(id: string): string | undefined {
  if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(id)) return undefined;
  const id15 = id.slice(0, 15);
  const suffix = checksum(id15);
  if (id.endsWith(suffix) && id.length === 18) return id;
  return id.length === 15 || id.slice(15).toUpperCase() === suffix ? id15 + suffix : undefined;
}

/** The prefix that says of which object an id is. */
export const keyPrefixOf = (id: string): string => id.slice(0, 3);
