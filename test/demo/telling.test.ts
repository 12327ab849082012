import { PassThrough } from 'node:stream';
import { tellPeople, tellPrograms, type Step } from '../../src/demo/telling';
import type { Voice } from '../../src/up/say';

function spoken(columns = 200): { lines: string[]; voice: Voice; telling: ReturnType<typeof tellPeople> } {
  const lines: string[] = [];
  const voice: Voice = {
    line: (text) => lines.push(text),
    warn: () => undefined,
    addresses: () => undefined,
  };
  return { lines, voice, telling: tellPeople(voice, { columns, colour: false }) };
}
const step: Step = {
  hire: 'Nora Ashby',
  who: 'daytwo',
  what: 'opened it',
  link: 'http://127.0.0.1:8929/a/1',
};

describe('telling people', () => {
  test('a step is one line: time, newcomer, who, what, link', () => {
    const { lines, telling } = spoken();
    telling.step(step);
    expect(lines).toEqual([
      expect.stringMatching(
        /^\d\d:\d\d:\d\d {2}Nora Ashby +daytwo +opened it {2}http:\/\/127\.0\.0\.1:8929\/a\/1$/,
      ),
    ]);
  });

  test('on a narrow screen an address stands on a line of its own, once', () => {
    const { lines, telling } = spoken(60);
    telling.step(step);
    telling.step(step);
    expect(lines[0]).toMatch(/opened it\n +http:/);
    expect(lines[1]).toMatch(/opened it$/);
  });

  test('text from outside can not steer the terminal', () => {
    const { lines, telling } = spoken();
    telling.step({ ...step, what: 'set \u001b[2J\u001b]0;gone\u0007 \u202eit' });
    expect(lines.join('')).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  test('a check that fails says what is missing instead of what was seen', () => {
    const { lines, telling } = spoken();
    const checks = [
      { where: 'Mailbox', seen: 'one mail each', missing: [] },
      { where: 'Temporal', seen: 'Completed', missing: ['it is RUNNING'] },
    ];
    telling.verified([{ hire: 'Nora Ashby', title: 'employee 1', checks }]);
    expect(lines.some((line) => /ok +Mailbox +one mail each/.test(line))).toBe(true);
    expect(lines.some((line) => /NOT +Temporal +it is RUNNING$/.test(line))).toBe(true);
  });
});

test('programs get one JSON document for each step and each newcomer', () => {
  const out = new PassThrough();
  const telling = tellPrograms(out);
  telling.headline('Three people join.');
  telling.step(step);
  telling.verified([{ hire: 'Nora Ashby', title: 'employee 1', checks: [] }]);
  telling.next([['The board', 'http://127.0.0.1:8929']]);
  const documents = String(out.read())
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(documents).toMatchObject([
    { kind: 'step', ...step },
    { kind: 'verified', hire: 'Nora Ashby' },
    { kind: 'next', next: { 'The board': 'http://127.0.0.1:8929' } },
  ]);
});
