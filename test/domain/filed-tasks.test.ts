import { apply, isReady, phaseOf, type RequestState } from '../../src/domain/access-request';
import { timesOf } from '../../src/domain/batches';
import { filedTasks } from '../../src/domain/filed-tasks';
import type { Region, System } from '../../src/domain/handbook';
import { waitsOf } from '../../src/domain/request-status';
import { asked, filed } from './filed';
import { handbook } from './request';

const recorder = asked('chorus', { role: 'User', team: 'EMEA', licenceType: 'Recorder' });
const chorus = (regions: readonly Region[]) =>
  filedTasks([recorder], handbook.systems, regions).map(({ id, entitlement, after, gate }) => [
    id,
    gate ? 'gate' : entitlement.licenceType,
    after,
  ]);

describe('Recorder outside the Americas comes after the data-protection course', () => {
  test('so they start as Listener and are upgraded', () => {
    expect(chorus(['EMEA'])).toEqual([
      ['chorus', 'Recorder', []], // the sign-in group: it knows no licence types
      ['chorus/person', 'Listener', ['chorus']],
      ['chorus/course', 'gate', ['chorus/person']],
      ['chorus/upgrade', 'Recorder', ['chorus/course']],
    ]);
  });

  test.each<[string, readonly Region[], number]>([
    ['in the Americas at once', ['Americas'], 2],
    ['in JAPAC after it', ['JAPAC'], 4],
    ['for people of several regions after it', ['Americas', 'EMEA'], 4],
  ])('%s', (_, regions, boxes) => {
    expect(chorus(regions)).toHaveLength(boxes);
  });

  test('who has done the course before waits for nothing', () => {
    expect(filedTasks([recorder], handbook.systems, ['EMEA'], ['chorus']).map(({ id }) => id)).toEqual([
      'chorus',
      'chorus/person',
    ]);
  });

  test('who asks for Listener waits for nothing', () => {
    const listener = asked('chorus', { role: 'User', team: 'EMEA', licenceType: 'Listener' });
    expect(filedTasks([listener], handbook.systems, ['EMEA']).map(({ id }) => id)).toEqual([
      'chorus',
      'chorus/person',
    ]);
  });
});

describe('a request of which only the course is waited for', () => {
  const at = '2026-11-25T09:00:00Z';
  const deed = { by: 'amber', channel: 'gitlab', at } as const;
  /** Approved, in EMEA, with these tasks done. */
  const standing = (...done: readonly string[]): RequestState => {
    const asks = filed([recorder], {}, { status: 'approved' });
    const plan = { ...asks.plan, tasks: filedTasks([recorder], handbook.systems, ['EMEA']) };
    const open = Object.fromEntries(plan.tasks.map(({ id }) => [id, { status: 'open' } as const]));
    return done.reduce<RequestState>((state, task) => apply(state, { kind: 'attested', task, ...deed }), {
      ...asks,
      plan,
      tasks: open,
    });
  };

  test('is on hold, and on nobody of the team', () => {
    const state = standing('chorus', 'chorus/person');
    expect(phaseOf(state)).toBe('on_hold');
    expect(waitsOf(state)).toEqual([
      { for: 'Chorus: Data-protection course done', on: 'who takes the course', since: at },
    ]);
  });

  test('is work again when the course is done, and before', () => {
    expect(phaseOf(standing('chorus'))).toBe('action_needed');
    expect(phaseOf(standing('chorus', 'chorus/person', 'chorus/course'))).toBe('action_needed');
  });

  test('is completed by the upgrade, not by the course', () => {
    expect(phaseOf(standing('chorus', 'chorus/person', 'chorus/course', 'chorus/upgrade'))).toBe('completed');
  });
});

test('"not before 24 h after Salesforce" is data', () => {
  const systems = handbook.systems.map((system): System =>
    system.key === 'clari'
      ? { ...system, stages: [{ kind: 'delay', after: 'salesforce', hours: 24 }] }
      : system,
  );
  const asks = [asked('salesforce', { role: 'r', profile: 'p' }), asked('clari', { role: 'r' })];
  const [user, clari] = filedTasks(asks, systems, ['Americas']);
  expect(clari).toMatchObject({
    id: 'clari',
    after: ['salesforce'],
    delay: { after: 'salesforce', hours: 24 },
  });
  const read = filed(asks, {}, { status: 'approved' });
  const state = { ...read, plan: { ...read.plan, tasks: [user!, clari!] } };
  const granted = apply(state, {
    kind: 'outcome',
    task: 'salesforce',
    outcome: { kind: 'granted', verified: true },
    at: '2026-11-25T09:00:00Z',
  });
  expect(isReady(granted, clari!)).toBe(false);
  const [over] = timesOf(granted);
  expect(over).toMatchObject({ at: '2026-11-26T09:00:00.000Z', fact: { kind: 'delay_over', task: 'clari' } });
  expect(isReady(apply(granted, over!.fact), clari!)).toBe(true);
});
