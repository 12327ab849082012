import { beginClose } from '../../src/activities/close-begin';
import { visitClose } from '../../src/activities/close-visit';
import type { World } from '../../src/activities/world';
import type { DeskMessage } from '../../src/domain/desk-acts';
import { SystemFault } from '../../src/systems/fault';
import type { OverdueKeeper } from '../../src/systems/overdue';
import { LeaverOrg } from '../systems/leaver-org';
import { Ground } from './ground';

const PERIOD = '2026-10';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

/** Without the booking checks unless they are wanted. */
function world(
  change: (keeper: OverdueKeeper) => Partial<OverdueKeeper> = () => ({}),
  bookings = false,
): World {
  const { bookingFields, ...handbook } = ground.handbook;
  return {
    ...ground.world,
    handbook: () => (bookings && bookingFields ? { ...handbook, bookingFields } : handbook),
    connector: (name) => {
      const connector = ground.world.connector(name);
      const { overdue } = connector;
      if (!overdue) return connector;
      const { periods, bookings: reader, owners } = connector;
      return {
        periods,
        owners,
        ...(bookings ? { bookings: reader } : {}),
        overdue: { ...overdue, ...change(overdue) },
      } as never;
    },
  };
}
const begin = (now: string, of = world(), period = PERIOD) => beginClose(of, { period, by: 'amber', now });
const visit = (now: string, messages: readonly DeskMessage[] = [], of = world()) =>
  visitClose(of, { period: PERIOD, messages, look: true, now });
const says = (
  kind: DeskMessage['kind'],
  task: string,
  by: string,
  more: Partial<DeskMessage> = {},
): DeskMessage => ({
  id: `${kind}/${task}/${by}/${more.channel ?? ''}`,
  kind,
  by,
  channel: 'cli',
  at: '2026-11-04T12:00:00.000Z',
  task,
  ...more,
});
const kept = async () => (await ground.store.closes.get(PERIOD))!.close;
const extras = async () => (await kept()).extras!;
const mails = async (about: string): Promise<readonly string[]> => {
  const answer = await fetch(`${ground.systems.files.mailbox.url}/messages`);
  const all = (await answer.json()) as { to: string; subject: string }[];
  return all
    .filter(({ subject }) => subject.startsWith(about))
    .map(({ to }) => to.split('@')[0] ?? '')
    .sort();
};
const said = async (iid: number, words: string) =>
  (await ground.desk().notes(iid)).filter(({ body, system }) => !system && body.includes(words));
const records = async (kind: string) => (await ground.evidence()).filter((row) => row.kind === kind);

test('a freeze is told once as it begins and as it ends; another month is one of care', async () => {
  await begin('2026-10-16T12:00:00.000Z');
  expect(await mails('Change freeze')).toEqual([]);
  await visit('2026-10-17T12:00:00.000Z');
  await visit('2026-10-18T12:00:00.000Z');
  const told = ['amber', 'ines.duarte', 'tom.devries'];
  expect(await mails('Change freeze from 2026-10-17 to 2026-11-14')).toEqual(told);
  const iid = (await kept()).issue?.iid ?? 0;
  expect(await said(iid, 'no changes of Salesforce, Zuora, NetSuite, Coupa')).toHaveLength(1);
  await visit('2026-11-14T12:00:00.000Z');
  expect(await mails('The change freeze has ended on 2026-11-14')).toEqual(told);
  await begin('2026-11-16T12:00:00.000Z', world(), '2026-11');
  const other = (await ground.store.closes.get('2026-11'))!.close;
  expect(await said(other.issue?.iid ?? 0, 'heightened care')).toHaveLength(1);
  expect((await records('close.freeze')).length).toBe(3);
});

test('letters are sent, answered by each for themself, reminded of, named where late, and handed on', async () => {
  await begin('2026-11-03T12:00:00.000Z');
  expect((await extras()).letters).toBeNull();
  await visit('2026-11-04T12:00:00.000Z');
  const about = 'Representation letter of the quarter that ended with 2026-10';
  expect(await mails(about)).toHaveLength(6);
  const iid = (await extras()).letters?.issue.iid ?? 0;
  const desk = ground.desk();
  expect((await desk.issue(iid)).confidential).toBe(true);
  await desk.tick('eva-manager', iid, 'Certified by `eva-manager`');
  await desk.tick('eva-manager', iid, 'Certified by `dana-manager`');
  const { answers, letters } = await visit('2026-11-04T13:00:00.000Z', [
    says('complete', 'letter/pete-manager', 'pete-manager'),
    says('complete', 'letter/kenji-manager', 'amber'),
    says('complete', 'letter/amber', 'amber'),
  ]);
  expect(Object.values(answers)).toEqual([
    null,
    'everybody answers their own letter',
    'amber was sent no letter',
  ]);
  expect(letters?.answered.map(({ by }) => by)).toEqual(['eva-manager', 'pete-manager']);
  expect(letters?.waits).toEqual(['dana-manager', 'kenji-manager', 'grace-manager', 'vera-vp']);
  expect(await said(iid, 'everybody answers their own letter')).toHaveLength(1);
  expect((await desk.issue(iid)).description).toContain('- [ ] Certified by `dana-manager`');
  await visit('2026-11-05T12:00:00.000Z');
  await visit('2026-11-05T13:00:00.000Z');
  expect(await mails('Still open: Representation')).toHaveLength(4);
  // The 8th is a Sunday: they are to be answered on Friday the 6th.
  await visit('2026-11-06T12:00:00.000Z');
  expect(await mails('Today: Representation')).toHaveLength(4);
  await visit('2026-11-07T12:00:00.000Z');
  await visit('2026-11-08T12:00:00.000Z');
  expect(await mails('Late: Representation')).toEqual(expect.arrayContaining(['fiona.keller']) as unknown);
  expect(await said(iid, 'late: `dana-manager`')).toHaveLength(1);
  await visit('2026-11-12T12:00:00.000Z', [
    says('complete', 'letter/vera-vp', 'vera-vp', { at: '2026-11-12T12:00:00.000Z' }),
  ]);
  expect((await desk.issue(iid)).description).toContain('**late**');
  expect(await mails(`${about}: for accounting`)).toHaveLength(1);
  const after = await visit('2026-11-13T12:00:00.000Z', [
    says('complete', 'letter/dana-manager', 'dana-manager'),
  ]);
  expect(Object.values(after.answers)).toEqual(['the letters are with the audit committee']);
  expect(await mails(`${about}: for the audit committee`)).toHaveLength(2);
});

const DAY = '2026-11-15T12:00:00.000Z';
const overdueOnes = (count: number) =>
  new LeaverOrg(ground.systems).make(
    'Opportunity',
    Array.from({ length: count }, (_, at) => ({
      Name: `Late ${at}`,
      StageName: '4-Proposal',
      CloseDate: '2026-10-20',
      Amount: 100,
    })),
  );
const dates = async () => {
  const rows = await new LeaverOrg(ground.systems).org.query('SELECT Id, CloseDate FROM Opportunity');
  return new Map(rows.map((row) => [row['Id'] as string, row['CloseDate'] as string]));
};
const approve = (by: string, more: Partial<DeskMessage> = {}) => says('approve', 'overdue-move', by, more);

test('what is overdue is moved by an approved plan, as it stood, and read back; others keep it from nobody', async () => {
  const [first = '', second = '', third = '', fourth = ''] = await overdueOnes(4);
  const org = new LeaverOrg(ground.systems);
  const closing = await org.one('Opportunity', {
    Name: 'Closing',
    StageName: '7-Closing',
    CloseDate: '2026-10-20',
  });
  await begin(DAY);
  const plan = (await extras()).overdue;
  expect(plan).toMatchObject({ state: 'planned', records: 4, to: '2026-11-30', totalCents: 400_00 });
  const iid = plan?.issue?.iid ?? 0;
  expect((await ground.desk().issue(iid)).description).toContain(`\`${first}\``);
  await org.change('Opportunity', second, { Amount: 7 });
  await org.org.remove('Opportunity', [third]);
  const refused = await visit(DAY, [approve('omar-orders'), approve('meri', { digest: 'abcdef' })]);
  expect(Object.values(refused.answers)).toEqual([
    'it is decided by amber or meri',
    `the plan is another one: ${plan?.digest.slice(0, 12) ?? ''}`,
  ]);
  await ground.desk().tick('amber', iid, 'Approved: move them');
  await visit('2026-11-16T12:00:00.000Z');
  expect((await extras()).overdue).toMatchObject({
    state: 'moved',
    decided: { by: 'amber', channel: 'gitlab' },
    done: { moved: 2, changed: 1, gone: 1, refused: 0 },
  });
  const now = await dates();
  expect([first, second, fourth, closing].map((id) => now.get(id))).toEqual([
    '2026-11-30',
    '2026-10-20',
    '2026-11-30',
    '2026-10-20',
  ]);
  const again = await visit('2026-11-17T12:00:00.000Z', [approve('meri')]);
  expect(Object.values(again.answers)).toEqual(['the plan is moved already']);
  expect((await records('close.overdue')).map(({ what }) => what)).toEqual([
    'planned to move 4 overdue opportunities to 2026-11-30',
    'approved the plan to move 4 overdue opportunities',
    'moved 2 overdue opportunities to 2026-11-30, and read them back',
  ]);
});

test('a move that dies between two collections goes on where it ended', async () => {
  const ids = await overdueOnes(201);
  await begin(DAY);
  let collections = 0;
  const dying = world((keeper) => ({
    move: (moves, done) =>
      keeper.move(moves, async (moved) => {
        collections += 1;
        if (collections === 1) await done(moved);
        else throw new SystemFault('salesforce', '503', true, 'away');
      }),
  }));
  await expect(visit(DAY, [approve('amber')], dying)).rejects.toThrow('away');
  await visit(DAY, [approve('amber')]);
  expect((await extras()).overdue?.done).toEqual({ moved: 201, changed: 0, gone: 0, refused: 0 });
  const now = await dates();
  expect(new Set(ids.map((id) => now.get(id)))).toEqual(new Set(['2026-11-30']));
});

test('a close waits for the decision on what is overdue, and drops a plan that nobody decided on', async () => {
  await overdueOnes(1);
  await begin('2026-11-06T12:00:00.000Z');
  const { close, turn } = (await ground.store.closes.get(PERIOD))!;
  await ground.store.closes.put({ close: { ...close, phase: 'locked' }, turn });
  expect((await visit(DAY)).phase).toBe('locked');
  expect((await visit('2026-11-23T12:00:00.000Z')).phase).toBe('ended');
  expect((await extras()).overdue?.state).toBe('lapsed');
});

test('promised purchase orders stand with their day; late ones are a task with the exact edit, once', async () => {
  const of = world(undefined, true);
  const filled = await fetch(`${ground.systems.files.salesforce.loginUrl}/__sandbox/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      period: PERIOD,
      cutOff: '2026-11-01T06:59:59.000Z',
      today: '2026-11-02',
      count: 60,
      seed: 37,
      faults: false,
    }),
  });
  expect(filled.ok).toBe(true);
  await begin('2026-11-02T12:00:00.000Z', of);
  const [first] = (await extras()).promises;
  expect(first).toMatchObject({ state: 'running' });
  const shown = async () => (await ground.desk().issue((await kept()).issue?.iid ?? 0)).description;
  expect(await shown()).toContain(`\`${first?.record ?? ''}\`: by ${first?.lastDay ?? ''}`);
  const at = (day: string | null) => `${day ?? ''}T12:00:00.000Z`;
  await visit(at(first?.lastDay ?? null), [], of);
  const iid = (await kept()).issue?.iid ?? 0;
  expect(await said(iid, `\`${first?.record ?? ''}\` is due by`)).toHaveLength(1);
  await visit(at(first?.backOn ?? null), [], of);
  await visit('2026-11-13T12:00:00.000Z', [], of);
  const tasks = await ground.desk().issues('search=its+promised+purchase+order+did+not+come');
  const task = tasks.find(({ title }) => title.includes(first?.record ?? '-'));
  expect(task?.description).toContain('Closed Won becomes 8-Closed Lost');
  expect(await said(iid, `\`${first?.record ?? ''}\` did not come`)).toHaveLength(1);
});
