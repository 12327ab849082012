import type { PeriodKeeper } from '../../src/systems/periods';
import { Systems } from './fixture';
import { LeaverOrg, type Person } from './leaver-org';

const HOUR = 3_600_000;
const REFUSED = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';

let systems: Systems;
let org: LeaverOrg;
let periods: PeriodKeeper;
let won = '';
beforeAll(async () => {
  systems = await Systems.start();
});
beforeEach(async () => {
  await systems.reset();
  org = new LeaverOrg(systems);
  ({ periods } = org.salesforce);
  won = await org.one('Opportunity', {
    Name: 'Won',
    StageName: 'Closed Won',
    CloseDate: '2026-10-20',
    Amount: 1000,
  });
  await periods.lockThrough('2026-10-31');
});
afterAll(() => systems.stop());

const inAnHour = (): string => new Date(Date.now() + HOUR).toISOString();
const amount = async (): Promise<number | null | undefined> => (await periods.named([won]))[0]?.amountCents;
const setAmount = (to: number) => periods.edit([{ record: won, field: 'amountCents', to }]);
const otherUser = async (): Promise<Person> => {
  const person = await org.signIn(await org.user('Mallory'));
  if (!person) throw new Error('could not sign in');
  return person;
};
/** Tries each way by which records are changed. */
const everyWay = async (person: Person): Promise<void> => {
  await person.send('PATCH', `/sobjects/Opportunity/${won}`, { Amount: 1 });
  await person.send('PATCH', '/composite/sobjects', {
    allOrNone: true,
    records: [{ attributes: { type: 'Opportunity' }, id: won, Amount: 1 }],
  });
  await person.send('POST', '/composite', {
    compositeRequest: [
      {
        method: 'PATCH',
        url: `/services/data/v62.0/sobjects/Opportunity/${won}`,
        referenceId: 'one',
        body: { Amount: 1 },
      },
    ],
  });
};

test('without an exception the lock refuses an edit, whole; under one it is made, and after it is refused again', async () => {
  expect(await setAmount(1)).toBe(REFUSED);
  await periods.openUntil(inAnHour());
  expect(await setAmount(1500_50)).toBeNull();
  expect(await amount()).toBe(1500_50);
  expect(await periods.endOpening()).toBe(true);
  expect(await periods.endOpening()).toBe(false);
  expect(await setAmount(1)).toBe(REFUSED);
  expect(await amount()).toBe(1500_50);
});

test('of several edits all are made or none', async () => {
  await periods.openUntil(inAnHour());
  const gone = '006000000000000AAA';
  expect(
    await periods.edit([
      { record: won, field: 'amountCents', to: 1 },
      { record: gone, field: 'amountCents', to: 1 },
    ]),
  ).not.toBeNull();
  expect(await amount()).toBe(1000_00);
});

test('an exception that nobody takes away ends by itself: the lock stands in its row, too', async () => {
  await periods.openUntil(new Date(Date.now() - 1000).toISOString());
  expect(await setAmount(1)).toBe(REFUSED);
});

test('the exception is of the own user alone: others are refused by every way', async () => {
  await periods.openUntil(inAnHour());
  const mallory = await otherUser();
  await everyWay(mallory);
  expect(await amount()).toBe(1000_00);
  const [own] = await periods.exceptions();
  expect(own).toMatchObject({ isOwn: true, through: '2026-10-31' });
});

test('who is given an exception by hand is seen, and changes what others may not', async () => {
  const mallory = await otherUser();
  const userId = await org.idOf('User', 'Mallory');
  await org.one('Close_Lock__c', { SetupOwnerId: userId, Locked_Through__c: '2026-09-30' });
  expect(await periods.exceptions()).toEqual([
    { owner: userId, isOwn: false, through: '2026-09-30', openUntil: null },
  ]);
  await everyWay(mallory);
  expect(await amount()).toBe(1_00);
  expect((await periods.userNames([userId])).get(userId)).toBe('Mallory');
});

test("a row that says nothing exempts nobody: the organization's lock shows through", async () => {
  const mallory = await otherUser();
  await org.one('Close_Lock__c', { SetupOwnerId: await org.idOf('User', 'Mallory') });
  await everyWay(mallory);
  expect(await amount()).toBe(1000_00);
});
