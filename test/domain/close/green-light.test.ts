import {
  isLit,
  lightsOver,
  NO_LIGHTS,
  whyNoLight,
  type GreenLight,
  type LightGround,
} from '../../../src/domain/close/green-light';
import type { TaskState } from '../../../src/domain/close/tasks';

const sign = (by: string) => ({ by, at: '2026-11-01T10:00:00Z', channel: 'gitlab' as const });
const task: TaskState = {
  key: 'splits',
  dueAt: '2026-11-02T00:00:00Z',
  iid: 1,
  prepared: sign('sam'),
  reviewed: sign('amber'),
  basis: null,
  reopened: null,
};
const ground: LightGround = { tasks: [task], open: 0, digest: 'd1', findings: 0 };
const policy = {
  by: { deal_desk: ['dee', 'both', 'sam'], finance: ['fin', 'both'] },
  channels: ['gitlab', 'cli'],
} as const;
const light = (by: string, digest = 'd1'): GreenLight => ({ ...sign(by), digest });
const act = (by: string, channel: 'gitlab' | 'signal' = 'gitlab') => ({ by, channel });

test.each([
  ['whom policy names', act('dee'), NO_LIGHTS, ground, null],
  [
    'a stranger',
    act('mallory'),
    NO_LIGHTS,
    ground,
    'the green light of Deal Desk is given by dee or both or sam',
  ],
  [
    'the other party',
    act('fin'),
    NO_LIGHTS,
    ground,
    'the green light of Deal Desk is given by dee or both or sam',
  ],
  [
    'a channel that proves nobody',
    act('dee', 'signal'),
    NO_LIGHTS,
    ground,
    'a green light counts only over gitlab, cli',
  ],
  [
    'one person for both parties',
    act('both'),
    { ...NO_LIGHTS, finance: light('both') },
    ground,
    'one person does not give the green light of both parties',
  ],
  [
    'who calculated',
    act('sam'),
    NO_LIGHTS,
    ground,
    'who prepared a task of this period does not give its green light',
  ],
  [
    'with a task open',
    act('dee'),
    NO_LIGHTS,
    { ...ground, tasks: [{ ...task, reviewed: null }] },
    'not signed yet: splits',
  ],
  [
    'before the period was looked at whole',
    act('dee'),
    NO_LIGHTS,
    { ...ground, open: null },
    'the period was not looked at whole since its cut-off',
  ],
  [
    'with findings of the booking checks',
    act('dee'),
    NO_LIGHTS,
    { ...ground, findings: 2 },
    '2 findings are neither mended nor accepted',
  ],
  [
    'with something overdue',
    act('dee'),
    NO_LIGHTS,
    { ...ground, open: 3 },
    '3 open opportunities have a close date that is over',
  ],
] as const)('%s', (_what, by, lights, its, why) => {
  expect(whyNoLight('deal_desk', by, lights, its, policy)).toBe(why);
});

test('it is lit by both parties over the same records alone', () => {
  expect(isLit({ deal_desk: light('dee'), finance: null })).toBe(false);
  expect(isLit({ deal_desk: light('dee'), finance: light('fin', 'd2') })).toBe(false);
  expect(isLit({ deal_desk: light('dee'), finance: light('fin') })).toBe(true);
});

test('lights over other records than those of now go out, and only those', () => {
  const lights = { deal_desk: light('dee', 'd1'), finance: light('fin', 'd2') };
  expect(lightsOver(lights, 'd2')).toEqual({ out: ['deal_desk'], lights: { ...lights, deal_desk: null } });
  expect(lightsOver({ ...lights, deal_desk: light('dee', 'd2') }, 'd2').out).toEqual([]);
});
