import { poolOf } from '../../src/domain/seat-queue';
import { Ground } from './ground';
import { Hand } from './salesforce-hand';

let ground: Ground;
let hand: Hand;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  hand = await Hand.signIn(ground.systems.files);
  await ground.store.seats.turns([inbox]);
});
afterAll(() => ground.stop());

const inbox = poolOf({ kind: 'salesforce-psl', permissionSetLicense: 'Inbox', permissionSet: null })!;

/** Looks at the pool while so many of its seats are left; nobody holds one in the sandbox's first hour. */
async function left(seats: number): Promise<void> {
  await hand.total('Inbox', seats);
  expect(await ground.run('offerSeats', { pool: inbox.key })).toMatchObject({ total: seats, used: 0 });
}

async function warnings(): Promise<readonly string[]> {
  const { mailbox } = ground.systems.files;
  const mails = (await (await fetch(`${mailbox.url}/messages`)).json()) as { to: string; subject: string }[];
  return mails.filter(({ subject }) => subject === 'Few seats left: Inbox').map(({ to }) => to);
}
const kept = async (): Promise<readonly string[]> =>
  (await ground.evidence()).filter(({ kind }) => kind === 'seats.low').map(({ what }) => what);

test('the owners are warned once, when five seats are left: not at six, and not again at four', async () => {
  await left(6);
  expect(await warnings()).toEqual([]);
  await left(5);
  const { systems, people } = ground.handbook;
  const owner = systems.find(({ key }) => key === 'salesforce-inbox')!.owner;
  const owners = people.members.filter(({ username }) => people.teams[owner]!.members.includes(username));
  expect(owners.length).toBeGreaterThan(0);
  const first = await warnings();
  expect([...first].sort()).toEqual(owners.map(({ email }) => email).sort());
  await left(4);
  await left(4);
  expect(await warnings()).toEqual(first);
  expect(await kept()).toEqual(['warned the owners: 5 of the seats of Inbox are left']);
});

test('once enough were left again, the next shortage is told anew', async () => {
  await left(5);
  await left(40);
  await left(3);
  expect(await kept()).toEqual([
    'warned the owners: 5 of the seats of Inbox are left',
    'warned the owners: 3 of the seats of Inbox are left',
  ]);
});

test('where no mail is set up, it is a task for ops', async () => {
  ground.withoutMail = true;
  await left(2);
  const tasks = (await ground.desk().issues('state=opened')).map(({ title }) => title);
  expect(tasks).toEqual(['Few seats left: Inbox']);
});
