import fc from 'fast-check';
import type { Outcome } from '../../src/domain/outcome';
import { isOffered } from '../../src/domain/seat-queue';
import { Ground, type Request } from './ground';
import { Hand } from './salesforce-hand';

const POOL = 'salesforce/Inbox';
const TASK = 'salesforce-inbox';

let ground: Ground;
let hand: Hand;
let requests: readonly Request[];

beforeAll(async () => {
  ground = await Ground.start();
  hand = await Hand.signIn(ground.systems.files);
  requests = [
    await ground.opened('104711', { email: 'ada.example@daytwo.example' }),
    await ground.opened('104712', { email: 'bo.example@daytwo.example' }),
  ];
  await ground.opened('104713', { email: 'cy.example@daytwo.example' });
  for (const { state } of requests)
    await grant(state.plan.employeeId, `user/${state.plan.employeeId}`, 'salesforce');
});
afterAll(() => ground.stop());

/** One try of a request to have its task granted, as its workflow asks for it. */
async function grant(employeeId: string, workflowId: string, id = TASK): Promise<Outcome | undefined> {
  const request = requests.find(({ state }) => state.plan.employeeId === employeeId);
  const { ref, plan } = request!.state;
  const { policyVersion, templateDigest } = plan;
  const { outcomes } = await ground.run(
    'grantAccess',
    {
      ref,
      employeeId,
      connection: 'salesforce',
      tasks: plan.tasks.filter((task) => task.id === id),
      tries: 1,
      approved: { policyVersion, templateDigest },
    },
    { workflowExecution: { workflowId, runId: 'r' }, activityId: `${Math.random()}` },
  );
  return outcomes[id];
}

/** Plays the pool's and the requests' workflows until none of them has anything to do. */
async function untilQuiet(look: boolean): Promise<void> {
  const { workflows } = ground;
  let looks = look;
  for (let round = 0; round < 30; round += 1) {
    const told = workflows.told.splice(0);
    looks ||= told.includes(`${POOL} freed`);
    const offered = told
      .filter((line) => line.endsWith(` seat for ${TASK}`))
      .map((line) => line.split(' ')[0]!);
    if (!looks && offered.length === 0) return;
    if (looks) await ground.run('offerSeats', { pool: POOL });
    looks = false;
    await Promise.all(offered.map((workflowId) => grant(workflowId.split('/')[1]!, workflowId)));
  }
  throw new Error('the pool never comes to rest');
}

/** Promised seats and taken ones together are never more than there are. */
async function promisedAndTaken(): Promise<number> {
  const now = new Date().toISOString();
  const wants = await ground.store.seats.wants(POOL);
  const held = await ground.store.seats.held(POOL, now);
  return wants.filter((want) => isOffered(want, now)).length + held;
}

const waiting = async (): Promise<readonly string[]> =>
  (await ground.store.seats.wants(POOL)).map(({ employeeId }) => employeeId);

test('two requests and a change made by hand race for the last seat, 80 rounds: never one seat twice, never one idle while somebody waits', async () => {
  const wins = { hand: 0, request: 0 };
  const outsider = await hand.anybody();
  for (let round = 0; round < 80; round += 1) {
    await hand.total('Inbox', 1);
    const ids = requests.map(({ state }) => `round${round}/${state.plan.employeeId}`);
    ground.workflows.running = new Set(ids);
    // Sometimes by hand first, sometimes last: the start of each is shifted by a few turns of the loop.
    const shifted = async <T>(turns: number, act: () => Promise<T>): Promise<T> => {
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      return act();
    };
    const shifts = fc.sample(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(40)), { numRuns: 1, seed: round })[0]!;
    const [one, other, byHand] = await Promise.all([
      shifted(shifts[0], () => grant('104711', ids[0]!)),
      shifted(shifts[1], () => grant('104712', ids[1]!)),
      shifted(shifts[2], () => hand.assign('Inbox', outsider)),
    ]);
    const winners = [one, other].filter((outcome) => outcome?.kind === 'granted').length + Number(byHand);
    expect(winners).toBeLessThanOrEqual(1);
    await untilQuiet(false);
    // One has it; both others of those who asked through daytwo wait.
    expect(await hand.used('Inbox')).toBe(1);
    expect((await waiting()).length).toBe(byHand ? 2 : 1);
    wins[byHand ? 'hand' : 'request'] += 1;

    // Whoever has it gives it back by hand: found at the next look, and the first in the queue has it.
    for (let left = (await waiting()).length; left > 0; left -= 1) {
      const [first] = [...(await ground.store.seats.wants(POOL))].sort((a, b) =>
        a.since < b.since ? -1 : 1,
      );
      await hand.takeAll('Inbox');
      await untilQuiet(true);
      expect(await hand.used('Inbox')).toBe(1);
      const still = await waiting();
      expect(still).toHaveLength(left - 1);
      expect(still).not.toContain(first?.employeeId);
      expect(await promisedAndTaken()).toBeLessThanOrEqual(1);
    }
    await hand.takeAll('Inbox');
  }
  expect(wins.hand).toBeGreaterThan(0);
  expect(wins.request).toBeGreaterThan(0);
}, 900_000);
