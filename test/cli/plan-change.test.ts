import { changePlanOf } from '../../src/cli/plan-change';
import type { PersonFacts } from '../../src/domain/hr-event';
import { Ground } from '../activities/ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const ID = '104711';
const plan = (...changes: Partial<PersonFacts>[]) => {
  const { handbook, store, world } = ground;
  const events = changes.map((change, at) => ({
    type: 'employee.changed' as const,
    event_id: `e${at}`,
    employee_id: ID,
    ...change,
  }));
  return changePlanOf('line 2', ID, events, { handbook, store, connector: world.connector });
};

test('it says what another role would add and remove, as the systems hold it, and changes nothing', async () => {
  const { state } = await ground.opened();
  const { ref, plan: approved } = state;
  const tasks = approved.tasks.filter(({ id }) => id === 'linkedin-sales-insights');
  const connection = 'scim/LINKEDIN_SALES_INSIGHTS';
  await ground.run('grantAccess', { ref, employeeId: ID, connection, tasks, tries: 5, approved });
  const rows = (await ground.evidence()).length;
  const changes = await ground.changes(async () => {
    const { access, ...said } = await plan({ department: 'Commercial Sales' }, { manager_email: null });
    expect(said).toMatchObject({ known: true, other_role: true, other_manager: true, born_approved: true });
    const keys = (list: readonly { system: string }[] = []) => list.map(({ system }) => system);
    expect(keys(access?.remove)).toEqual(['linkedin-sales-insights']);
    expect(keys(access?.add)).toEqual(['salesforce', 'chorus']);
    expect(keys(access?.keep)).toEqual(['clari']);
  });
  expect(changes).toEqual([]);
  expect(await ground.evidence()).toHaveLength(rows);
  expect((await ground.store.personById(ID))?.department).toBe('Enterprise Sales');
});

test('a role without a template is told with the paths that would be looked for', async () => {
  await ground.opened();
  expect(await plan({ title: 'Chief Mind Reader' })).toMatchObject({
    other_role: true,
    access: null,
    template_paths: [expect.stringContaining('chief_mind_reader')],
  });
});

test('what could not be kept is told as the question that it would become', async () => {
  await ground.opened();
  const { problems, access } = await plan({ region: 'Atlantis' });
  expect(problems).toEqual([expect.stringContaining('region is not one of')]);
  expect(access).toBeNull();
});

test('of somebody whom nobody announced nothing can be said', async () => {
  expect(await plan({ title: 'Sales Manager' })).toMatchObject({ known: false, access: null });
});
