import {
  judgeLetters,
  lettersBlock,
  lettersInWords,
  whyNotAnswered,
  type Letters,
} from '../../../src/domain/close/letters';

const letters: Letters = {
  issue: { project: 'p', iid: 1, url: 'u' },
  asked: ['dana', 'eva'],
  answers: { eva: { at: '2026-11-05T10:00:00.000Z', channel: 'gitlab' } },
};
const dates = { lateFrom: '2026-11-07T08:00:00.000Z', committee: '2026-11-13T08:00:00.000Z' };
const note = (id: number, author: string, name: string, done: string) => ({
  id,
  author,
  at: '2026-11-08T10:00:00.000Z',
  system: true,
  body: `marked the checklist item **Certified by \`${name}\`** as ${done}`,
});
const block = lettersBlock('2026-10', letters, dates);
const judged = (description: string, notes: ReturnType<typeof note>[], now = '2026-11-08T10:00:00.000Z') => {
  const { answered, takenBack, putBacks } = judgeLetters(
    letters,
    { description, notes, bot: 'bot' },
    now,
    dates,
  );
  return { answered, takenBack, why: putBacks.map(({ why }) => why) };
};
const ticked = block.replace('- [ ] Certified by `dana`', '- [x] Certified by `dana`');
const unticked = block.replace('- [x] Certified by `eva`', '- [ ] Certified by `eva`');

test.each([
  ['nothing moved', block, [], { answered: [], takenBack: [], why: [] }],
  [
    'their own',
    ticked,
    [note(1, 'dana', 'dana', 'completed')],
    { answered: ['dana'], takenBack: [], why: [] },
  ],
  [
    "another's",
    ticked,
    [note(1, 'eva', 'dana', 'completed')],
    { answered: [], takenBack: [], why: ['everybody answers their own letter'] },
  ],
  [
    'daytwo wrote it',
    ticked,
    [note(1, 'bot', 'dana', 'completed')],
    { answered: [], takenBack: [], why: [] },
  ],
  [
    'taken back by themself',
    unticked,
    [note(1, 'eva', 'eva', 'incomplete')],
    { answered: [], takenBack: ['eva'], why: [] },
  ],
])('a tick: %s', (_name, description, notes, expected) => {
  expect(judged(description, notes)).toEqual(expected);
});

test.each([
  ['2026-11-13T07:59:59.999Z', null],
  ['2026-11-13T08:00:00.000Z', 'the letters are with the audit committee'],
])('an answer at %s', (now, why) => {
  expect(whyNotAnswered(letters, 'dana', 'dana', now, dates)).toBe(why);
});

test('an answer from the first instant after its day is late; who did not answer is named', () => {
  const late = (at: string) =>
    lettersInWords({ ...letters, answers: { eva: { at, channel: 'cli' } } }, dates).includes('(late)');
  expect(late('2026-11-07T07:59:59.999Z')).toBe(false);
  expect(late(dates.lateFrom)).toBe(true);
  expect(lettersInWords(letters, dates)).toContain('1 of 2 answered.\n\ndana: not answered\neva: certified');
});
