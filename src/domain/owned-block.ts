/**
 * daytwo writes only between its two marks; everything else on the issue belongs to people and stays as it is, byte for
 * byte.
 */
export const BEGIN = '<!-- daytwo:begin -->';
export const END = '<!-- daytwo:end -->';

/** What a block with boxes tells whoever edits the issue. */
export const DAYTWO_WRITES =
  '<!-- daytwo writes what stands between its two marks. Tick the boxes here; write everything else outside. -->';

/** The description with `block` in daytwo's place: where the marks stand, else before what people wrote. */
export function mergeBlock(description: string, block: string): string {
  const owned = `${BEGIN}\n${block.trim()}\n${END}`;
  const place = placeOf(description);
  if (place) return description.slice(0, place.from) + owned + description.slice(place.to);
  const theirs = withoutStrayMarks(description);
  return theirs.trim() === '' ? owned : `${owned}\n\n${theirs}`;
}

/** What stands between the marks, or null where they are gone. */
export function ownedBlock(description: string): string | null {
  const place = placeOf(description);
  return place ? description.slice(place.from + BEGIN.length, place.to - END.length).trim() : null;
}

/** What people wrote: everything outside of the marks. */
export function peoplesText(description: string): { readonly before: string; readonly after: string } {
  const place = placeOf(description);
  return place
    ? { before: description.slice(0, place.from), after: description.slice(place.to) }
    : { before: '', after: withoutStrayMarks(description) };
}

function placeOf(description: string): { from: number; to: number } | null {
  const first = description.indexOf(BEGIN);
  if (first < 0) return null;
  const end = description.indexOf(END, first + BEGIN.length);
  // The nearest one before: what stands between an earlier, lone mark and the block is people's.
  return end < 0 ? null : { from: description.lastIndexOf(BEGIN, end), to: end + END.length };
}

/** One mark without its other half encloses nothing; the text around it is kept. */
const withoutStrayMarks = (description: string): string =>
  description.split(BEGIN).join('').split(END).join('');
