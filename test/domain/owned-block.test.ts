import fc from 'fast-check';
import { BEGIN, END, mergeBlock, ownedBlock, peoplesText } from '../../src/domain/owned-block';

const BLOCK = '## Status\n\n- [ ] Salesforce';
const OTHER = '## Status\n\n- [x] Salesforce';

/** Text as people write it, with marks in it where they pasted or broke some. */
const text = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
      fc.constantFrom('\n', '\r\n', '- [ ] mine', BEGIN, END, '<!-- daytwo:', 'begin -->', '<!--', '-->'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const innocent = text.map((value) => value.split(BEGIN).join('').split(END).join('')).filter(noMark);

function noMark(value: string): boolean {
  return !value.includes(BEGIN) && !value.includes(END);
}

test('what people wrote around the block never changes, byte for byte', () => {
  fc.assert(
    fc.property(innocent, innocent, (before, after) => {
      const description = before + mergeBlock('', BLOCK) + after;
      const merged = mergeBlock(description, OTHER);
      expect(merged).toBe(before + mergeBlock('', OTHER) + after);
      expect(peoplesText(merged)).toEqual({ before, after });
    }),
  );
});

test('writing the same block again changes nothing, whatever people did to the marks', () => {
  fc.assert(
    fc.property(text, (description) => {
      const merged = mergeBlock(description, BLOCK);
      expect(mergeBlock(merged, BLOCK)).toBe(merged);
      expect(ownedBlock(merged)).toBe(BLOCK);
    }),
  );
});

test('a new block takes the place of the old one and leaves nothing of it', () => {
  fc.assert(
    fc.property(text, (description) => {
      const merged = mergeBlock(mergeBlock(description, OTHER), BLOCK);
      expect(merged).toBe(mergeBlock(description, BLOCK));
    }),
  );
});

test.each([
  ['both marks are gone', `Please hurry.\n\n${BLOCK}`],
  ['the first mark is gone', `${BLOCK}\n${END}\n\nPlease hurry.`],
  ['the second mark is gone', `${BEGIN}\n${BLOCK}\n\nPlease hurry.`],
  ['the marks stand the wrong way round', `${END}\nPlease hurry.\n${BEGIN}`],
  ['a lone mark stands before the block', `${BEGIN}\nPlease hurry.\n${BEGIN}\n${BLOCK}\n${END}`],
  ['the block stands twice', `${BEGIN}\n${BLOCK}\n${END}\nPlease hurry.\n${BEGIN}\n${BLOCK}\n${END}`],
])('%s: the block is there again, and what people wrote is kept', (_what, description) => {
  const merged = mergeBlock(description, BLOCK);
  expect(ownedBlock(merged)).toBe(BLOCK);
  expect(merged).toContain('Please hurry.');
});

test('an emptied description holds the block alone', () => {
  expect(mergeBlock('', BLOCK)).toBe(`${BEGIN}\n${BLOCK}\n${END}`);
  expect(mergeBlock(' \n', BLOCK)).toBe(`${BEGIN}\n${BLOCK}\n${END}`);
});
