import { generateKeyPairSync, sign } from 'node:crypto';
import type { ReclaimVisit } from '../../src/activities/reclaim-desk';
import type { SandboxFile } from '../../src/sandbox/files';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  // Nobody of the sandbox is older than this test: idle is who was made in a moment that is over.
  const [policy] = ground.handbook.policies;
  const reclaim = { ...policy!.seats.reclaim, idleDays: 0 };
  ground.handbook = { ...ground.handbook, policies: [{ ...policy!, seats: { ...policy!.seats, reclaim } }] };
});
afterAll(() => ground.stop());

const quarter = '2026-Q4';
const soon = (): string => new Date(Date.now() + 1_000).toISOString();
const users = () => ground.world.connector('salesforce').seats!.users();
const list = () => ground.run('listIdleSeats', { quarter, now: soon() });

test('who has not signed in is listed on a confidential issue without names, and told by mail; done again, once', async () => {
  const [first, again] = [await list(), await list()];
  expect(again.ref).toEqual(first.ref);
  expect(first.users.length).toBeGreaterThan(0);
  const issue = await ground.desk().issue(first.ref!.iid);
  expect(issue.confidential).toBe(true);
  expect(issue.title).toContain('Licence reclaim 2026-Q4');
  expect(issue.description).not.toContain('@daytwo.example');
  const { mailbox } = ground.systems.files;
  const mails = (await (await fetch(`${mailbox.url}/messages`)).json()) as { to: string; subject: string }[];
  const told = mails.filter(({ subject }) => subject === 'Your Salesforce licence is not used');
  expect(new Set(told.map(({ to }) => to)).size).toBe(first.users.length);
});

describe('once they were told,', () => {
  // The mails are shown above; here nobody waits for them.
  beforeEach(() => void jest.spyOn(ground.world.mailer!, 'send').mockResolvedValue(undefined));

  test('after the approval those are deactivated and read back who are still idle; others are spared, and the pool is freed', async () => {
    const before = await users();
    const found = await list();
    const [spared, ...rest] = found.users;
    await ground.store.seats.turns([
      {
        key: 'salesforce/Salesforce',
        connection: 'salesforce',
        kind: 'salesforce-user',
        licence: 'Salesforce',
      },
    ]);
    // Listed are those of whom one is no longer idle by then: taken out of the list as a sign-in would.
    const result = await ground.run('reclaimSeats', { ...found, users: rest, quarter, now: soon() });
    expect(result).toEqual({ inactive: rest.length, frozen: 0, unchanged: 0, spared: 0 });
    const after = await users();
    expect(after).toHaveLength(before.length - rest.length);
    expect(after.map(({ id }) => id)).toContain(spared);
    const comments = (await ground.desk().notes(found.ref!.iid)).map(({ body }) => body).join('\n');
    expect(comments).toContain(`deactivated ${rest.length}`);
    const gone = await ground.run('reclaimSeats', { ...found, quarter, now: '2020-01-01T00:00:00.000Z' });
    expect(gone).toMatchObject({ inactive: 0, spared: found.users.length });
  });

  test('who can not be deactivated is frozen, and ops are reminded on the issue', async () => {
    const found = await list();
    const [one] = await users();
    const rows = await ground.world.connector('salesforce').find({ kind: 'salesforce-user' }, [one!.email]);
    expect(rows).toHaveLength(1);
    await ground.systems.salesforce('PATCH', '/default-owners', { lead: one!.email });
    const result = await ground.run('reclaimSeats', { ...found, users: [one!.id], quarter, now: soon() });
    expect(result).toEqual({ inactive: 0, frozen: 1, unchanged: 0, spared: 0 });
    expect((await users()).find(({ id }) => id === one!.id)?.frozen).toBe(true);
    const comments = (await ground.desk().notes(found.ref!.iid)).map(({ body }) => body).join('\n');
    expect(comments).toContain('could not be deactivated');
  });

  test('who signs in after being told is spared, and keeps the seat', async () => {
    const found = await list();
    const told = await users();
    const back = told.find(({ id }) => found.users.includes(id))!;
    const told_at = new Date().toISOString();
    await signIn(ground.systems.files, back.email);
    const seen = (await users()).find(({ id }) => id === back.id);
    expect(Date.parse(seen?.lastSignInAt ?? '')).toBeGreaterThanOrEqual(Date.parse(told_at));
    const result = await ground.run('reclaimSeats', { ...found, quarter, now: told_at });
    expect(result).toMatchObject({ inactive: found.users.length - 1, spared: 1 });
    expect((await users()).map(({ id }) => id)).toContain(back.id);
  });

  test('integrations are never listed, nor taken where one became one meanwhile', async () => {
    const except = (...exceptProfiles: string[]): void => {
      const [policy] = ground.handbook.policies;
      const reclaim = { ...policy!.seats.reclaim, exceptProfiles };
      const seats = { ...policy!.seats, reclaim };
      ground.handbook = { ...ground.handbook, policies: [{ ...policy!, seats }] };
    };
    except();
    const everybody = await list();
    const administrators = (await users()).filter(({ profile }) => profile === 'System Administrator');
    expect(everybody.users).toEqual(expect.arrayContaining(administrators.map(({ id }) => id)));
    except('administrator');
    for (const { id } of administrators) expect((await list()).users).not.toContain(id);
    const result = await ground.run('reclaimSeats', { ...everybody, quarter, now: soon() });
    expect(result.spared).toBe(administrators.length);
    const left = (await users()).map(({ id }) => id);
    expect(left).toEqual(administrators.map(({ id }) => id));
  });

  describe('a decision', () => {
    const [APPROVED, REJECTED] = ['AR-Approval::Manager Approved', 'AR-Approval::Rejected'];
    const WAITS = ['SalesOpsAR::Action Needed', 'AR-Approval::Needs Manager Approval'];
    const visit = (
      found: Awaited<ReturnType<typeof list>>,
      last = { decided: null, cursor: 0 } as ReclaimVisit,
    ) => ground.run('visitReclaim', { quarter, ref: found.ref!, ...last });
    const labelsOf = async (iid: number) => [...(await ground.desk().issue(iid)).labels].sort();
    const saying = async (iid: number, words: string) =>
      (await ground.desk().notes(iid)).filter(({ body }) => body.includes(words));

    test('by a label counts as on a request; once everything is taken, the issue is completed and closed', async () => {
      const found = await list();
      const { iid } = found.ref!;
      expect((await ground.desk().issue(iid)).labels).toEqual(expect.arrayContaining(WAITS));
      await ground.desk().label('amber', iid, APPROVED);
      const first = await visit(found);
      expect(first.decided).toBe('approve');
      expect(await labelsOf(iid)).toEqual([APPROVED, 'SalesOpsAR::In Progress']);
      expect((await visit(found, first)).decided).toBe('approve');
      await ground.run('reclaimSeats', { ...found, quarter, now: soon() });
      const issue = await ground.desk().issue(iid);
      expect([issue.state, [...issue.labels].sort()]).toEqual([
        'closed',
        [APPROVED, 'SalesOpsAR::Completed'],
      ]);
      expect((await ground.evidence()).filter(({ kind }) => kind === 'decision.approve')).toHaveLength(1);
    });

    test('by a stranger is put back, with the reason and evidence, once', async () => {
      const found = await list();
      const { iid } = found.ref!;
      await ground.desk().label('sam-ops', iid, APPROVED);
      for (let again = 0; again < 2; again++) expect((await visit(found)).decided).toBeNull();
      expect(await labelsOf(iid)).toEqual([...WAITS].sort());
      expect(
        await saying(iid, '@sam-ops: the approval was put back: policy lets others approve'),
      ).toHaveLength(1);
      expect((await ground.evidence()).filter(({ kind }) => kind.startsWith('decision'))).toEqual([
        { kind: 'decision.refused', actor: 'sam-ops', what: 'was not allowed: approve' },
      ]);
    });

    test('is the first one: another word after it is put back', async () => {
      const found = await list();
      const { iid } = found.ref!;
      await ground.desk().label('amber', iid, APPROVED);
      const first = await visit(found);
      await ground.desk().label('meri', iid, REJECTED);
      expect((await visit(found, first)).decided).toBe('approve');
      expect((await ground.desk().issue(iid)).labels).not.toContain(REJECTED);
      expect(await saying(iid, 'it was approved already')).toHaveLength(1);
    });

    test('to reject closes the issue; closing it without one is put back', async () => {
      const found = await list();
      const { iid } = found.ref!;
      const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues/${iid}`;
      await ground.desk().as('amber', 'PUT', path, { state_event: 'close' });
      const first = await visit(found);
      expect((await ground.desk().issue(iid)).state).toBe('opened');
      expect(await saying(iid, 'this reclaim is not over')).toHaveLength(1);
      await ground.desk().label('meri', iid, REJECTED);
      expect((await visit(found, first)).decided).toBe('reject');
      expect((await ground.desk().issue(iid)).state).toBe('closed');
    });

    test('by the command is judged alike, and the issue shows it', async () => {
      const found = await list();
      const asked = {
        quarter,
        kind: 'approve',
        channel: 'cli',
        at: soon(),
        ref: found.ref,
        decided: null,
      } as const;
      expect(await ground.run('judgeReclaim', { ...asked, by: 'dana-manager' })).toContain('amber');
      expect(await ground.run('judgeReclaim', { ...asked, by: 'amber' })).toBeNull();
      expect((await ground.desk().issue(found.ref!.iid)).labels).toContain(APPROVED);
      expect(await ground.run('judgeReclaim', { ...asked, by: 'meri', decided: 'approve' })).toBe(
        'it was approved already',
      );
      const kinds = (await ground.evidence()).map(({ kind }) => kind);
      expect(kinds).toEqual(['reclaim.listed', 'decision.refused', 'decision.approve', 'decision.refused']);
    });

    test('on its issue is told by the desk watch to the process that listed it', async () => {
      const info = { workflowExecution: { workflowId: 'reclaim/scheduled-1', runId: 'r1' } };
      const { ref } = await ground.run('listIdleSeats', { quarter, now: soon() }, info);
      ground.workflows.running.add('reclaim/scheduled-1');
      await ground.desk().label('amber', ref!.iid, APPROVED);
      const input = {
        project: ref!.project,
        cursor: '2020-01-01T00:00:00.000Z',
        configDigest: ground.handbook.digest,
      };
      expect(await ground.run('watchDesk', input)).toMatchObject({ hinted: 1 });
      expect(ground.workflows.told).toEqual([`reclaim/scheduled-1 ${ref!.project}#${ref!.iid}`]);
    });
  });

  describe('while an earlier one', () => {
    const run = (workflowId: string, runId: string) =>
      ground.run(
        'listIdleSeats',
        { quarter, now: soon(), by: 'amber' },
        { workflowExecution: { workflowId, runId } },
      );
    const notes = async (iid: number) => (await ground.desk().notes(iid)).map(({ body }) => body).join('\n');

    test('waits for its decision, nobody is told twice: the earlier issue says what to do', async () => {
      const first = await run('reclaim/scheduled-1', 'r1');
      ground.workflows.running.add('reclaim/scheduled-1');
      expect(await run('reclaim/2026-Q4', 'r2')).toMatchObject({ ref: null, users: [] });
      expect(await notes(first.ref!.iid)).toContain('Approve or reject this one');
      expect((await ground.desk().issue(first.ref!.iid)).state).toBe('opened');
    });

    test('has lost its process, it is closed, and the new one has an issue and a decision of its own', async () => {
      const first = await run('reclaim/2026-Q4', 'r1');
      await ground.desk().label('amber', first.ref!.iid, 'AR-Approval::Manager Approved');
      ground.workflows.running.add('reclaim/2026-Q4');
      const again = await run('reclaim/2026-Q4', 'r2');
      expect(again.ref!.iid).not.toBe(first.ref!.iid);
      expect((await ground.desk().issue(first.ref!.iid)).state).toBe('closed');
      expect(
        await ground.run('visitReclaim', { quarter, ref: again.ref!, decided: null, cursor: 0 }),
      ).toMatchObject({
        decided: null,
      });
      expect((await ground.evidence()).at(-1)).toMatchObject({ kind: 'reclaim.listed', actor: 'amber' });
    });
  });

  test('where no mail is set up, the issue says that nobody was told', async () => {
    ground.withoutMail = true;
    const { ref } = await list();
    expect((await ground.desk().issue(ref!.iid)).description).toContain('Nobody was told');
  });
});

/** Signs in as somebody does through single sign-on: an assertion that the org's certificate proves. */
async function signIn(files: SandboxFile, username: string): Promise<void> {
  const { loginUrl, clientId } = files.salesforce;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = publicKey.export({ type: 'spki', format: 'pem' });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${loginUrl}/__sandbox/certificate`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ certificate }),
  });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 120;
  const claims = `${part({ alg: 'RS256' })}.${part({ iss: clientId, sub: username, aud: loginUrl, exp })}`;
  const signature = sign('sha256', Buffer.from(claims), privateKey).toString('base64url');
  const answer = await fetch(`${loginUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${claims}.${signature}`,
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
