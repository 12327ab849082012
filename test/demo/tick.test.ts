import fc from 'fast-check';
import { boxText } from '../../src/domain/request-text';
import { boxesOf } from '../../src/domain/task-list';
import { isTicked, tick } from '../../src/demo/tick';
import { description, request } from '../domain/request';

describe('ticking a box as the page does', () => {
  test('ticks that one box of a request, and changes nothing else', () => {
    const state = request();
    const text = description(state, 'A note of mine:\n- [ ] Clari, some day');
    const task = state.plan.tasks.find(({ id }) => id === 'clari');
    if (!task) throw new Error('no Clari in the sample');
    const ticked = tick(text, boxText(task));
    expect(ticked).not.toBeNull();
    expect(isTicked(ticked ?? '', boxText(task))).toBe(true);
    const before = text.split('\n');
    const after = (ticked ?? '').split('\n');
    expect(after.filter((line, at) => line !== before[at])).toEqual([`- [x] ${boxText(task)}`]);
  });

  test('there is nothing to tick where the box is ticked, missing, or only text in a code block', () => {
    expect(tick('- [x] Clari', 'Clari')).toBeNull();
    expect(tick('- [ ] Chorus', 'Clari')).toBeNull();
    expect(tick('```\n- [ ] Clari\n```', 'Clari')).toBeNull();
  });

  test('the box below a code block is ticked, not the one shown in it; lines may end as on Windows', () => {
    expect(tick('```\n- [ ] Clari\n```\r\n- [ ] Clari\r\nend', 'Clari')).toBe(
      '```\n- [ ] Clari\n```\r\n- [x] Clari\r\nend',
    );
  });

  test('a box is found by what a reader sees, whatever its escapes', () => {
    expect(tick('- [ ] Quoting\\_User **set**', 'Quoting_User set')).toBe('- [x] Quoting\\_User **set**');
  });

  test('exactly one more box is ticked, each time, until all are', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(names, (texts) => {
        let now = texts.map((text) => `- [ ] ${text}`).join('\n\n');
        texts.forEach((text, at) => {
          now = tick(now, text) ?? '';
          expect(boxesOf(now).filter(({ ticked }) => ticked)).toHaveLength(at + 1);
        });
        expect(tick(now, texts[0] ?? '')).toBeNull();
      }),
    );
  });
});
