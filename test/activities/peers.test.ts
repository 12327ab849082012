import { peersOf } from '../../src/activities/peers';
import { recordOf } from '../../src/activities/world';
import { peersInWords } from '../../src/domain/peers';
import { accountExecutive } from '../support/desk';
import { plan } from '../domain/request';
import { item } from '../systems/fixture';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const facts = (id: string) => accountExecutive(id);
async function active(id: string, change: Parameters<typeof accountExecutive>[1] = {}): Promise<void> {
  const { employee_id, ...of } = accountExecutive(id, change);
  await ground.store.putPerson(recordOf(employee_id, of, 'active', '2026-11-24T00:00:00.000Z'));
}
async function has(id: string, system: string): Promise<void> {
  const task = plan().tasks.find((one) => one.id === system)!;
  if (task.way.kind === 'person') throw new Error('no API');
  const person = (await ground.store.personById(id))!;
  const connection = task.way.kind === 'scim' ? `scim/${task.way.connection}` : 'salesforce';
  const connector = ground.world.connector(connection);
  await connector.grant([item(system, { way: task.way, ...task.entitlement }, person)], () =>
    Promise.resolve(),
  );
}

test('of the active people with that title and region: how many have what, read from the systems, without a name', async () => {
  await active('1');
  await active('2', { title: 'AE' });
  await active('3', { title: 'Account Executive II' });
  await active('4', { title: 'Sales Development Representative' });
  await active('5', { region: 'EMEA' });
  for (const id of ['1', '2', '4', '5']) await has(id, 'salesforce');
  await has('1', 'salesforce-inbox');
  await has('3', 'linkedin-sales-insights');
  const peers = await peersOf(ground.world, { title: 'Senior Account Executive', region: 'Americas' });
  expect(peers.people).toBe(3);
  const of = (key: string) => peers.systems.find(({ system }) => system === key);
  expect(of('salesforce')).toMatchObject({
    have: 2,
    roles: [{ value: 'Enterprise AE - Americas', people: 2 }],
    profiles: [{ value: 'Sales User', people: 2 }],
  });
  expect(of('salesforce-inbox')).toMatchObject({
    have: 1,
    licences: [{ value: 'Inbox', people: 1 }],
    roles: [],
  });
  expect(of('linkedin-sales-insights')).toMatchObject({ have: 1 });
  expect(of('clari')).toMatchObject({ have: null });
  for (const text of [JSON.stringify(peers), peersInWords(peers)]) expect(text).not.toMatch(/Robin|@/);
});

test('only the systems asked for are read', async () => {
  await active('1');
  await active('2');
  const seen = await ground.systems.watch();
  const peers = await peersOf(ground.world, {
    title: facts('1').title,
    region: 'Americas',
    systems: ['salesforce'],
  });
  expect(peers.systems.map(({ system }) => system)).toEqual(['salesforce']);
  expect(new Set((await seen()).map(({ system }) => system))).toEqual(new Set(['salesforce']));
});

test('one person is too few: nothing is read of what they have', async () => {
  await active('1');
  const seen = await ground.systems.watch();
  expect(await peersOf(ground.world, { title: facts('1').title, region: 'Americas' })).toMatchObject({
    people: 1,
    systems: [],
  });
  expect(await seen()).toEqual([]);
});
