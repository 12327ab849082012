import { takingActivities } from '../../src/activities/leaver-taking';
import { leavingActivities } from '../../src/activities/leaving';
import { recordOf } from '../../src/activities/world';
import { addDays } from '../../src/domain/dates';
import type { LeavingEvent } from '../../src/domain/hr-event';
import type { OffboardingStatus } from '../../src/domain/offboarding';
import { literal } from '../../src/systems/salesforce/soql';
import type { OffboardingResult } from '../../src/workflows/offboarding';
import { Ground } from '../activities/ground';
import { accountExecutive } from '../support/desk';
import { LeaverOrg } from '../systems/leaver-org';
import { Stage } from './stage';

const ID = '104711';
const MINUTE = 60_000;

let stage: Stage;
let ground: Ground;
beforeAll(async () => {
  [stage, ground] = [await Stage.open(), await Ground.start()];
  // The real activities, against the sandbox, while time is skipped.
  await stage.play({ ...leavingActivities(ground.world), ...takingActivities(ground.world) });
});
afterAll(async () => {
  await stage.clear();
  await Promise.all([stage.close(), ground.stop()]);
});

const handle = () =>
  stage.env.client.workflow.getHandle<() => Promise<OffboardingResult>>(`offboarding/${ID}`);
const phaseIs = async (phase: OffboardingStatus['phase']): Promise<void> => {
  while ((await handle().query<OffboardingStatus>('status')).phase !== phase) await stage.now();
};
const today = async (): Promise<string> => new Date(await stage.now()).toISOString().slice(0, 10);

test('taken back after time zero: what was taken is listed and asked for, and nothing is given by itself', async () => {
  const {
    event_id: _id,
    type: _type,
    employee_id: _employee,
    ...facts
  } = accountExecutive(ID, { start_date: '2026-01-05' });
  await ground.store.putPerson(recordOf(ID, facts, 'active', '2026-01-05T00:00:00Z'));
  const at = new LeaverOrg(ground.systems);
  const userId = await at.user('Leaver', {
    Email: facts.email,
    Username: facts.email,
    EmployeeNumber: ID,
  });
  const queue = await at.one('Group', { Name: 'Deal desk', DeveloperName: 'Deal_desk', Type: 'Queue' });
  await at.one('GroupMember', { GroupId: queue, UserOrGroupId: userId });
  await ground.systems.salesforce('POST', '/books', { username: facts.email, seed: 7, leads: 3 });
  const userIs = async () => {
    const [user] = await at.org.query(`SELECT IsActive FROM User WHERE Id = ${literal(userId)}`);
    const [login] = await at.org.query(`SELECT IsFrozen FROM UserLogin WHERE UserId = ${literal(userId)}`);
    return { active: user?.['IsActive'], frozen: login?.['IsFrozen'] };
  };
  const first: LeavingEvent = {
    type: 'employee.leaving',
    event_id: 'leaving-1',
    employee_id: ID,
    kind: 'voluntary',
    last_working_day: addDays(await today(), 8),
    garden_leave_start: null,
    termination_date: null,
  };
  await stage.start('offboarding', { employeeId: ID, first }, `offboarding/${ID}`);
  await phaseIs('announced');
  const { timeZero } = await handle().query<OffboardingStatus>('status');
  await stage.until(Date.parse(timeZero ?? '') - MINUTE);
  expect(await userIs()).toEqual({ active: true, frozen: false });
  await stage.until(Date.parse(timeZero ?? '') + MINUTE);
  await phaseIs('taken');
  expect(await userIs()).toEqual({ active: false, frozen: true });

  const changes = await ground.changes(async () => {
    await handle().signal('hrEvent', {
      type: 'employee.rescinded',
      event_id: 'back',
      employee_id: ID,
      what: 'leaving',
    });
    expect(await handle().result()).toMatchObject({ ended: 'rescinded' });
  });
  expect([...new Set(changes.map(({ system }) => system))]).toEqual(['gitlab']);
  expect(await userIs()).toEqual({ active: false, frozen: true });
  expect(await at.org.query(`SELECT Id FROM GroupMember WHERE UserOrGroupId = ${literal(userId)}`)).toEqual(
    [],
  );
  const [asked, ...more] = ground.workflows.plans;
  expect(more).toEqual([]);
  const { description } = await ground.desk().issue(asked?.ref.iid ?? 0);
  expect(description).toContain('Taken out of queues and groups: Deal desk.');
  expect(description).toContain('3 Lead');
  expect(await at.org.query(`SELECT Id FROM Lead WHERE OwnerId = ${literal(userId)}`)).toEqual([]);
  const kinds = (await ground.evidence()).map(({ kind }) => kind);
  expect(kinds).toContain('leaving.taken_back');
  expect(kinds.filter((kind) => kind.startsWith('access.'))).toEqual([]);
  expect(await ground.store.personById(ID)).toMatchObject({ status: 'active' });
});
