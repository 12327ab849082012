import fc from 'fast-check';
import { carriedText, rolledFrom } from '../../../src/domain/close/roll-forward';
import type { CloseTask, TaskState } from '../../../src/domain/close/tasks';
import { mergeBlock } from '../../../src/domain/owned-block';

const issue = (peoples: string) => mergeBlock(peoples, 'what daytwo wrote');

it.each([
  ['', ''],
  ['Ask Billing for the export first.', 'Ask Billing for the export first.'],
  ['- [x] called the bank', '- [ ] called the bank'],
  ['* one\n* two', '- one\n- two'],
])('of %j it carries %j', (written, carried) => {
  const text = carriedText(issue(written), '2026-10');
  expect(text).toBe(carried === '' ? '' : `Rolled forward from the close of 2026-10:\n\n${carried}`);
});

it('makes what was written inert: nobody acts in the name of daytwo', () => {
  const text = carriedText(issue('/close\n@amber look\n<img src=x>\n- [ ] /assign @meri'), '2026-10');
  for (const line of text.split('\n')) {
    expect(line).not.toMatch(/^\s*\//);
    expect(line).not.toMatch(/\[ \] \//);
    expect(line).not.toMatch(/(^|[^\\])@\w/);
    expect(line).not.toMatch(/(^|[^\\])</);
  }
});

it('carries the same however often it was carried before', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 8 }), (lines) => {
      const once = carriedText(issue(lines.join('\n')), '2026-10');
      const twice = carriedText(issue(once), '2026-11');
      expect(twice).toBe(once.replace('2026-10', '2026-11'));
    }),
  );
});

it('names tasks that are new, and those that are no more; those of quarters come and go', () => {
  const state = (key: string) => ({ key }) as TaskState;
  const task = (key: string, quarterOnly = false) => ({ key, quarterOnly }) as CloseTask;
  const before = { period: '2026-09', tasks: [state('queue'), state('old')] };
  expect(rolledFrom(before, [task('queue'), task('new'), task('letters', true)])).toEqual({
    from: '2026-09',
    added: ['new'],
    gone: ['old'],
  });
  expect(rolledFrom(undefined, [task('queue')])).toBeNull();
});
