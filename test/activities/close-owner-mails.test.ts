import { beginClose } from '../../src/activities/close-begin';
import { visitClose } from '../../src/activities/close-visit';
import type { World } from '../../src/activities/world';
import type { DeskMessage } from '../../src/domain/desk-acts';
import { SystemFault } from '../../src/systems/fault';
import { addressOf, LeaverOrg } from '../systems/leaver-org';
import { Ground } from './ground';

const PERIOD = '2026-10';
const night = (day: number): string => `2026-10-${day}T09:00:00.000Z`;

let ground: Ground;
let org: LeaverOrg;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  org = new LeaverOrg(ground.systems);
});
afterAll(() => ground.stop());

/** Won without anything that a booking needs. */
const bare = (ownerId: string): Promise<string> =>
  org.one('Opportunity', {
    Name: 'Bare',
    StageName: 'Closed Won',
    CloseDate: '2026-10-20',
    Amount: 5,
    OwnerId: ownerId,
  });
const begin = (now: string) => beginClose(ground.world, { period: PERIOD, by: 'amber', now });
const visit = (now: string, world: World = ground.world) =>
  visitClose(world, { period: PERIOD, messages: [], look: true, now });
async function mails(): Promise<readonly { to: string; subject: string; text: string }[]> {
  const answer = await fetch(`${ground.systems.files.mailbox.url}/messages`);
  const all = (await answer.json()) as { to: string; subject: string; text: string }[];
  return all.filter(({ subject }) => subject.startsWith('Close of'));
}
const to = async (name: string) => (await mails()).filter((mail) => mail.to === addressOf(name));

test('each owner is told once of theirs alone, and what no active user owns goes to Sales Operations', async () => {
  const [olga, omid, gone] = [await org.user('Olga'), await org.user('Omid'), await org.user('Gone')];
  const [hers, his, lost] = [await bare(olga), await bare(omid), await bare(gone)];
  await org.change('User', gone, { IsActive: false });
  await begin(night(24));
  await visit(night(24));
  const [mail, ...others] = await to('Olga');
  expect(others).toEqual([]);
  expect(mail?.subject).toContain('1 booking of yours would not book');
  expect(mail?.text).toContain(`${ground.systems.files.salesforce.instanceUrl}/${hers}`);
  expect(mail?.text).not.toContain(his);
  expect(mail?.text).not.toContain(lost);
  expect(await to('Omid')).toHaveLength(1);
  expect(await to('Gone')).toEqual([]);
  const { teams, members, salesOpsTeam } = ground.handbook.people;
  const ops = members.filter(({ username }) => teams[salesOpsTeam]?.members.includes(username));
  const rest = (await mails()).filter(({ text }) => text.includes(lost));
  expect(rest.map((one) => one.to).sort()).toEqual(ops.map(({ email }) => email).sort());

  // Nothing is new in the next night; then something is.
  await visit(night(25));
  expect(await to('Olga')).toHaveLength(1);
  await bare(olga);
  await visit(night(26));
  expect((await to('Olga')).map(({ subject }) => subject)[1]).toContain('2 bookings of yours');
  expect(await to('Omid')).toHaveLength(1);
  const told = (await ground.store.rowsAfter(0)).filter(({ kind }) => kind === 'close.told');
  expect(told.map(({ detail }) => Object.keys(detail.after as object))).toEqual([
    expect.arrayContaining(['Sales Operations', olga, omid]),
    [olga],
  ]);
});

test('the issue says each morning how many bookings would fail, and what changed since the day before', async () => {
  const olga = await org.user('Olga');
  const id = await bare(olga);
  await begin(night(24));
  await bare(olga);
  await visit(night(25));
  const { close } = (await ground.store.closes.get(PERIOD))!;
  const { description } = await ground.desk().issue(close.issue!.iid);
  expect(description).toContain('## Forecast');
  expect(description).toContain('as of 2026-10-25');
  expect(description).toMatch(/\+1 since 2026-10-24\./);
  await org.org.remove('Opportunity', [id]);
  await visit(night(25));
  const days = await ground.store.trend.days(PERIOD);
  expect(days.map(({ day, submissions }) => [day, submissions])).toEqual([
    ['2026-10-24', null],
    ['2026-10-25', null],
  ]);
  expect(days[1]!.all.bookings).toBe(days[0]!.all.bookings);
  await visit('2026-11-01T08:00:00.000Z');
  expect((await ground.store.trend.days(PERIOD)).at(-1)?.submissions).toHaveLength(24);
});

test('what is accepted fails no more, also before the next look', async () => {
  await bare(await org.user('Olga'));
  await begin(night(20));
  const [before] = await ground.store.trend.days(PERIOD);
  const [first] = before!.byCheck;
  const message = { id: 'm', kind: 'approve', by: 'amber', at: night(20), channel: 'cli', reason: 'agreed' };
  const messages = [{ ...message, task: `finding/${first!.part ?? ''}` }] as unknown as DeskMessage[];
  await visitClose(ground.world, { period: PERIOD, messages, look: false, now: night(20) });
  const [after, ...others] = await ground.store.trend.days(PERIOD);
  expect(others).toEqual([]);
  expect(after?.all).toMatchObject({
    findings: before!.all.findings - first!.findings,
    accepted: first!.findings,
  });
});

test('before the day that policy names, nobody is told', async () => {
  await bare(await org.user('Olga'));
  await begin(night(20));
  expect(await mails()).toEqual([]);
});

test('a mail that is not taken stops nothing, and is sent in the next night', async () => {
  await bare(await org.user('Olga'));
  await begin(night(20));
  const send = () => Promise.reject(new SystemFault('mail', 'ECONNREFUSED', true, 'no answer'));
  const away: World = { ...ground.world, mailer: { send } as unknown as World['mailer'] };
  expect((await visit(night(24), away)).findings).toBeGreaterThan(0);
  expect(await mails()).toEqual([]);
  await visit(night(25));
  expect(await to('Olga')).toHaveLength(1);
});
