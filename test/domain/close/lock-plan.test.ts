import { newClose, type CloseCase } from '../../../src/domain/close/close';
import { lockConditions } from '../../../src/domain/close/lock-plan';

const NOW = '2026-11-06T12:00:00.000Z';
const signature = { by: 'p', at: NOW, channel: 'gitlab' as const };
const light = { ...signature, digest: 'd' };
const date = (kind: 'cut_off' | 'lock', at: string) => ({
  kind,
  at,
  date: at.slice(0, 10),
  name: '',
  rule: '',
});
const opened = newClose({
  period: '2026-10',
  policyVersion: '2026-01-01',
  dates: [date('cut_off', '2026-11-01T06:59:59.000Z'), date('lock', '2026-11-05T08:00:00.000Z')],
  due: [{ key: 'queue', dueAt: NOW }],
  openedAt: NOW,
  openedBy: 'amber',
});
const ready: CloseCase = {
  ...opened,
  phase: 'lit',
  tasks: opened.tasks.map((task) => ({ ...task, prepared: signature, reviewed: { ...signature, by: 'r' } })),
  lights: { deal_desk: light, finance: { ...light, by: 'f' } },
  look: {
    at: NOW,
    records: 1,
    totalCents: 1,
    digest: 'd',
    open: 0,
    checks: { open: 0, accepted: 0, byCheck: [] },
  },
};
const missing = (of: Partial<CloseCase>, ground = { digest: 'd', now: NOW }): readonly string[] =>
  lockConditions({ ...ready, ...of }, ground).flatMap(({ what, isMet, why }) =>
    isMet ? [] : [`${what}: ${why}`],
  );

test('nothing keeps a close whose tasks are signed and whose lights are over the records as they are', () => {
  expect(missing({})).toEqual([]);
});

test.each<[string, Partial<CloseCase>, { digest: string; now: string }, readonly string[]]>([
  ['a task that nobody reviewed', { tasks: opened.tasks }, { digest: 'd', now: NOW }, ['queue']],
  [
    'a light that was not given',
    { lights: { deal_desk: light, finance: null } },
    { digest: 'd', now: NOW },
    ['Finance'],
  ],
  ['records that changed since', {}, { digest: 'other', now: NOW }, ['Deal Desk', 'Finance']],
  ['a day that has not come', {}, { digest: 'd', now: '2026-11-05T07:59:59.999Z' }, ['Its day has come']],
  [
    'a close before its cut-off',
    { phase: 'open' },
    { digest: 'd', now: '2026-11-01T06:59:59.000Z' },
    ['Its cut-off', 'looked at whole', 'Its day'],
  ],
  [
    'nothing that could be read',
    { look: null },
    { digest: 'd', now: NOW },
    ['looked at whole', 'open opportunity', 'No finding'],
  ],
  [
    'an open finding',
    { look: { ...ready.look!, checks: { open: 2, accepted: 0, byCheck: [] } } },
    { digest: 'd', now: NOW },
    ['2 at the last look'],
  ],
])('%s keeps it', (_, of, ground, wanted) => {
  const found = missing(of, ground);
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((text, at) => expect(found[at]).toContain(text));
});
