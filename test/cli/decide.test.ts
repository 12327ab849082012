import { decideOn, decisionOf } from '../../src/cli/decide';
import { NoWorker } from '../../src/cli/engine';
import { explain } from '../../src/cli/explain';
import { Refused, WrongUsage } from '../../src/cli/surroundings';
import { FakeEngine, hireStatus, issue, Reader, running } from './fakes';

const request = running('access-request/sales-ops/access-requests/12');
const onboarding = running('onboarding/104711');

test('a decision is sent as it was given, and its taking said', async () => {
  const [engine, reader] = [new FakeEngine([request]), new Reader()];
  const input = decisionOf('complete', { by: '@amber', task: 'chorus/person', reason: 'done' });
  expect(await decideOn(engine, request, 'complete', input, {}, reader)).toBe(0);
  expect(engine.decided).toEqual([
    {
      workflowId: request.workflowId,
      decision: { kind: 'complete', by: 'amber', task: 'chorus/person', reason: 'done' },
    },
  ]);
  expect(reader.text).toBe('access-request/sales-ops/access-requests/12: completed by amber.');
});

test('a refusal says why and who may, and ends with 1', async () => {
  const [engine, reader] = [new FakeEngine([request]), new Reader()];
  engine.answer = {
    taken: false,
    why: 'policy lets others approve this; those who may: dana-manager\u001b[2J',
  };
  expect(await decideOn(engine, request, 'approve', { by: 'amber' }, {}, reader)).toBe(1);
  expect(reader.said).toEqual([]);
  expect(reader.complaints).toBe(
    'access-request/sales-ops/access-requests/12: refused: policy lets others approve this; those who may: dana-manager.',
  );
});

test('with --json the answer is one document, taken or not', async () => {
  const [engine, reader] = [new FakeEngine([request]), new Reader()];
  engine.answer = { taken: false, why: 'no' };
  expect(await decideOn(engine, request, 'approve', { by: 'amber' }, { json: true }, reader)).toBe(1);
  expect(reader.said.map((line) => JSON.parse(line) as unknown)).toEqual([
    { process: request.workflowId, decision: 'approve', taken: false, why: 'no' },
  ]);
});

test('what was granted is removed only where it was asked for', () => {
  expect(decisionOf('cancel', { by: 'amber', reason: 'x' })).not.toHaveProperty('remove');
  expect(decisionOf('cancel', { by: 'amber', reason: 'x', remove: true })).toHaveProperty('remove', true);
});

test('an approval of less is sent with what is given instead', () => {
  expect(
    decisionOf('approve', { by: 'dana-manager', task: 'salesforce', as: 'User', without: ['Quoting_User'] }),
  ).toEqual({ by: 'dana-manager', task: 'salesforce', as: 'User', without: ['Quoting_User'] });
});

test.each([
  ['an approval of less that names no system', () => decisionOf('approve', { by: 'amber', as: 'User' })],
  ['a reject without a reason', () => decisionOf('reject', { by: 'amber' })],
  ['a cancel whose reason is blank', () => decisionOf('cancel', { by: 'amber', reason: ' ' })],
  ['a complete without its task', () => decisionOf('complete', { by: 'amber' })],
  ['somebody who is no user name', () => decisionOf('claim', { by: 'Ada Private' })],
  ['a reason without end', () => decisionOf('hold', { by: 'amber', reason: 'x'.repeat(2001) })],
])('%s is wrong usage, before anything is sent', (_, decision) => {
  expect(decision).toThrow(WrongUsage);
});

test('named by its onboarding, a decision goes to the request that it opened', async () => {
  const engine = new FakeEngine([onboarding, request], {
    [onboarding.workflowId]: hireStatus({ kind: 'requested', ref: issue }),
  });
  expect(await decideOn(engine, onboarding, 'cancel', { by: 'amber', reason: 'x' }, {}, new Reader())).toBe(
    0,
  );
  expect(engine.decided.map(({ workflowId }) => workflowId)).toEqual([request.workflowId]);
});

test('an onboarding without a request can be cancelled, and nothing else; it says what it waits for', async () => {
  const engine = new FakeEngine([onboarding], {
    [onboarding.workflowId]: hireStatus({ kind: 'wait', until: '2026-11-25T10:00:00Z' }),
  });
  await expect(decideOn(engine, onboarding, 'approve', { by: 'amber' }, {}, new Reader())).rejects.toThrow(
    /no access request yet.*waits for day two/,
  );
  expect(await decideOn(engine, onboarding, 'cancel', { by: 'amber', reason: 'x' }, {}, new Reader())).toBe(
    0,
  );
  expect(engine.decided).toEqual([
    { workflowId: onboarding.workflowId, decision: { kind: 'cancel', by: 'amber', reason: 'x' } },
  ]);
});

test('an onboarding that has ended is not told to end', async () => {
  const [engine, reader] = [new FakeEngine([]), new Reader()];
  expect(
    await decideOn(
      engine,
      { ...onboarding, execution: 'COMPLETED' },
      'cancel',
      { by: 'amber', reason: 'x' },
      {},
      reader,
    ),
  ).toBe(1);
  expect(engine.decided).toEqual([]);
});

test('a desk watch takes no decisions', async () => {
  await expect(
    decideOn(
      new FakeEngine([]),
      running('desk/sales-ops/access-requests', { kind: 'desk-watch' }),
      'cancel',
      { by: 'amber', reason: 'x' },
      {},
      new Reader(),
    ),
  ).rejects.toThrow(Refused);
});

test('without a worker it says so in one paragraph', async () => {
  const [engine, reader] = [new FakeEngine([request]), new Reader()];
  engine.away = new NoWorker(20);
  const fault: unknown = await decideOn(engine, request, 'claim', { by: 'amber' }, {}, reader).catch(
    (error: unknown) => error,
  );
  expect(explain(fault, false, reader)).toBe(1);
  expect(reader.complaints).toMatch(/^No worker answered within 20 s\. .*daytwo up/);
});
