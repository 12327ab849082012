import { recordOf } from '../../src/activities/world';
import { openStore } from '../../src/evidence';
import { prepare } from '../../bench/crowd-sandbox';
import { filledIn } from '../../bench/product';
import { readHandbook } from '../../src/handbook';
import { accountExecutive, Desk } from '../support/desk';
import { eventually, System } from '../support/system';

jest.setTimeout(420_000);

const MANAGER = 'dana-manager';
const PEOPLE = 240;
const ACCESS = {
  Salesforce: 'role: Enterprise AE - Americas, profile: Sales User, permission sets: Quoting_User',
  'Salesforce Inbox': '',
  RingLead: 'role: User',
} as const;

/** One request for many, its list attached as a CSV file, on the whole product: with all that may go wrong in the middle. */
describe('access for many people, while the worker is killed and a system is away', () => {
  let system: System;
  beforeAll(async () => {
    system = await new System(1).start();
  });
  afterAll(() => system.dispose());

  it('is granted once to each, and the one whom HR does not know is named', async () => {
    const desk = new Desk(system);
    const people = Array.from({ length: PEOPLE }, (_, at) => {
      const { employee_id, ...facts } = accountExecutive(`many${at}`, {
        manager_email: 'dana.whitfield@daytwo.example',
      });
      return recordOf(employee_id, facts, 'active', '2026-11-24T00:00:00.000Z');
    });
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    for (const person of people) await store.putPerson(person);
    await prepare(system.sandbox, people);
    const list = await attach(system, [
      ...people.map(({ email, name }) => `${email},${name},dana.whitfield@daytwo.example`),
      'nobody@daytwo.example,Nobody Known,dana.whitfield@daytwo.example',
    ]);
    const description = filledIn(
      readHandbook(system.configDir),
      'bulk.md',
      (text) => text.replace(/^\| E-mail[^]*?(?=\n\n)/m, list),
      ACCESS,
    );
    const project = encodeURIComponent(system.sandbox.gitlab.accessRequestsProject);
    const seen = (await system.log()).at(-1)?.seq ?? 0;
    const made = async (method: string, path: RegExp) =>
      (await system.log()).filter((one) => one.seq > seen && one.method === method && path.test(one.path))
        .length;
    const { iid } = await desk.as<{ iid: number }>(MANAGER, 'POST', `/projects/${project}/issues`, {
      title: 'Bulk Access, Salesforce, Inbox and RingLead',
      description,
    });
    await eventually('the first users are made', async () => (await made('POST', /composite\/sobjects/)) > 0);
    await system.killPart('worker');
    await system.fault({ system: 'salesforce', kind: 'status', status: 503, count: 3 });
    await eventually('RingLead makes accounts', async () => (await made('POST', /\/Users$/)) > 10);
    await system.killPart('worker');
    await system.fault({ system: 'scim', kind: 'lose-answer', method: 'POST', count: 2 });
    const request = `${system.sandbox.gitlab.accessRequestsProject}#${iid}`;
    const served = async (task: string) =>
      (await store.crowd.grants(request, [task])).filter(({ outcome }) =>
        ['granted', 'already'].includes(outcome.kind),
      );
    for (const task of ['salesforce', 'salesforce-inbox', 'ringlead/scim'])
      await eventually(`${task} is granted to all`, async () => (await served(task)).length === PEOPLE);
    const users = await salesforce(system, 'SELECT Id, Email FROM User');
    const ours = users.filter(({ Email }) => Email?.startsWith('emany'));
    expect(ours).toHaveLength(PEOPLE);
    expect(new Set(ours.map(({ Email }) => Email)).size).toBe(PEOPLE);
    const licences = await salesforce(system, 'SELECT Id, AssigneeId FROM PermissionSetLicenseAssign');
    const ids = new Set(ours.map(({ Id }) => Id));
    const held = licences.filter(({ AssigneeId }) => ids.has(AssigneeId ?? ''));
    expect(held).toHaveLength(PEOPLE);
    const issue = await desk.issue(iid);
    expect(issue.description).toContain('nobody');
    await store.close();
  });
});

async function attach(system: System, rows: readonly string[]): Promise<string> {
  const { gitlab } = system.sandbox;
  const body = new FormData();
  // As a sheet saves it: with a byte-order mark and Windows' line ends.
  const text = `\ufeff${['E-mail,Name,Manager', ...rows].join('\r\n')}`;
  body.set('file', new Blob([text], { type: 'text/csv' }), 'people.csv');
  const answer = await fetch(
    `${gitlab.url}/api/v4/projects/${encodeURIComponent(gitlab.accessRequestsProject)}/uploads`,
    {
      method: 'POST',
      headers: { 'PRIVATE-TOKEN': gitlab.users.find(({ username }) => username === MANAGER)?.token ?? '' },
      body,
    },
  );
  if (!answer.ok) throw new Error(`the list was not attached: ${answer.status}`);
  return ((await answer.json()) as { markdown: string }).markdown;
}

type Row = Readonly<Record<string, string | undefined>>;

async function salesforce(system: System, soql: string): Promise<readonly Row[]> {
  const { loginUrl, clientId, clientSecret } = system.sandbox.salesforce;
  const token = (await (
    await fetch(`${loginUrl}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    })
  ).json()) as { access_token: string };
  const answer = await fetch(`${loginUrl}/services/data/v62.0/query?q=${encodeURIComponent(soql)}`, {
    headers: { Authorization: `Bearer ${token.access_token}` },
  });
  return ((await answer.json()) as { records: Row[] }).records;
}
