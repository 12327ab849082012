/** An id of Salesforce: 15 letters and digits whose case counts, or 18 with three more that say the case of the others. */
const FORM = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The long form of an id in either form, as Salesforce answers it; null for what is none. */
export function longId(text: string): string | null {
  if (!FORM.test(text)) return null;
  const short = text.slice(0, 15);
  let end = '';
  for (let from = 0; from < 15; from += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) if (/[A-Z]/.test(short[from + at] ?? '')) bits |= 1 << at;
    end += DIGITS[bits] ?? '';
  }
  return `${short}${end}`;
}
