import { hintAway } from '../../src/activities/work-watch';
import { recordOf } from '../../src/activities/world';
import { accountExecutive } from '../support/desk';
import { employee, Filed } from './filed';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const ID = '104711';
const HOUR = 3_600_000;
const now = () => new Date().toISOString();
const around = (instant: string, ms: number) => new Date(Date.parse(instant) + ms).toISOString();

/** Somebody of the team leaves so soon: the instant of time zero. */
async function leaves(email: string, inMs: number): Promise<string> {
  const facts = accountExecutive(ID, { email, start_date: '2026-01-05' });
  await ground.store.putPerson(recordOf(ID, facts, 'active', '2026-01-05T00:00:00Z'));
  const planned = await ground.run('planLeaving', {
    employeeId: ID,
    leaving: null,
    event: {
      type: 'employee.leaving',
      event_id: 'leaving-1',
      employee_id: ID,
      kind: 'involuntary',
      last_working_day: now().slice(0, 10),
      garden_leave_start: null,
      termination_date: null,
    },
    immediately: { by: 'noor-security', reason: 'test', at: around(now(), inMs) },
    successor: null,
    now: now(),
  });
  if (planned.kind !== 'planned') throw new Error(JSON.stringify(planned));
  return planned.timeZero;
}
/** A request that waits for its manager, or that somebody holds. */
async function filed(by: string, holder?: string): Promise<Filed> {
  const email = await employee(ground, '200001');
  const text = `- E-mail: ${email}\n- DataFox: Member\n`;
  const request = await Filed.by(ground, by, 'Robin Sample, DataFox', text);
  await request.visit();
  if (holder) {
    await ground.desk().assignSelf(holder, request.iid);
    await request.visit();
  }
  return request;
}
const SAM = 'sam.okafor@daytwo.example';
const DANA = 'dana.whitfield@daytwo.example';
const holderOf = ({ state }: Filed) => state.claim?.by ?? null;
const asked = ({ state }: Filed) => state.parts?.[0]?.who[0];

describe('what waits elsewhere on who leaves goes on without them at time zero, and not before', () => {
  test.each([
    [
      'a request that they hold goes back to the board',
      'dana-manager',
      'sam-ops',
      SAM,
      holderOf,
      'sam-ops',
      null,
    ],
    ['an approval goes to who stands above', 'amber', undefined, DANA, asked, 'dana-manager', 'vera-vp'],
  ] as const)('%s', async (_what, by, holder, email, on, before, after) => {
    const request = await filed(by, holder);
    expect(on(request)).toBe(before);
    const zero = await leaves(email, HOUR);
    expect(await hintAway(ground.world, around(zero, -60_000))).toBe(0);
    await request.visit([], around(zero, -60_000));
    expect(on(request)).toBe(before);
    expect(await hintAway(ground.world, around(zero, 1000))).toBe(1);
    await request.visit([], around(zero, 1000));
    expect(on(request)).toBe(after);
  });

  test('at once, where it is now', async () => {
    const request = await filed('dana-manager', 'sam-ops');
    const zero = await leaves(SAM, 0);
    expect(await hintAway(ground.world, around(zero, 1000))).toBe(1);
    await request.visit([], around(zero, 1000));
    expect(holderOf(request)).toBeNull();
  });

  test('when the call begins, which is before it', async () => {
    const request = await filed('dana-manager', 'sam-ops');
    await leaves(SAM, HOUR);
    const [one] = await ground.store.leavers.ofPerson(ID);
    const leaving = one?.leaving ?? '';
    await ground.run('freezeLeavers', { leaving, actions: ['admin_rights', 'sign_in'], now: now() });
    expect(await hintAway(ground.world, around(now(), 1000))).toBe(1);
    await request.visit([], around(now(), 1000));
    expect(holderOf(request)).toBeNull();
  });
});
