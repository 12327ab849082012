import type { EstateSeen } from '../../src/demo/estate';
import { judgeLeft, type LeaverEvidence, type LeaverReading } from '../../src/demo/leaver-verdict';
import type { DeskIssue } from '../../src/systems/gitlab';

const CLOSED = 15;
const estate: EstateSeen = { active: false, frozen: true, accounts: 0, leads: 0, open: 0, closed: CLOSED };
const issue: DeskIssue = {
  iid: 4,
  projectId: 101,
  title: 'Offboarding of employee 104711',
  description: '- [x] Access Deprovisioned - Clari\n- [ ] Not Applicable to Team Member - Clari',
  state: 'closed',
  labels: [],
  assignees: [],
  author: 'daytwo-bot',
  confidential: true,
  updatedAt: '2026-11-26T09:00:00Z',
  createdAt: '2026-11-26T09:00:00Z',
  webUrl: 'https://gitlab.example/4',
  project: 'sales-ops/access-requests',
  moved: false,
};
const evidence: LeaverEvidence = {
  timeZero: '2026-11-26T09:00:00.000Z',
  frozenAt: '2026-11-26T09:00:00.600Z',
  systems: [
    { system: 'salesforce', status: 'revoked', how: 'verified', inTime: true },
    { system: 'clari', status: 'revoked', how: 'attested', inTime: true },
  ],
  kinds: ['leaver.frozen', 'leaver.swept', 'leaver.handed_over', 'leaver.access_ended'],
};
const asItMustBe: LeaverReading = {
  estate,
  accounts: { salesforce: [], scim: { ringlead: [{ active: false }] }, groups: [] },
  issues: [issue],
  workflow: { id: 'offboarding/104711', status: 'RUNNING', state: 'watched', runId: 'run-1' },
  evidence,
};
const missing = (change: Partial<LeaverReading>): string[] =>
  judgeLeft(CLOSED, { ...asItMustBe, ...change }).flatMap((check) => check.missing);

test('a leaving that was settled lacks nothing, and says how soon it was frozen', () => {
  expect(missing({})).toEqual([]);
  const seen = judgeLeft(CLOSED, asItMustBe).map((check) => check.seen);
  expect(seen).toContain('frozen 0.6 s after time zero; 2 settled in time: 1 verified, 1 attested');
});

const user = { active: true, profile: 'Sales User', role: '', permissionSets: [], licences: ['Inbox'] };
const withEvidence = (change: Partial<LeaverEvidence>): Partial<LeaverReading> => ({
  evidence: { ...evidence, ...change },
});
const withEstate = (change: Partial<EstateSeen>): Partial<LeaverReading> => ({
  estate: { ...estate, ...change },
});

test.each<[string, Partial<LeaverReading>, string]>([
  ['the user is active', withEstate({ active: true }), 'the user is active'],
  ['nobody froze it', withEstate({ frozen: false }), 'the user is not frozen'],
  ['an account was left', withEstate({ accounts: 1 }), '1 accounts are theirs still'],
  ['a closed one moved', withEstate({ closed: 14 }), '14 of 15 closed opportunities are theirs'],
  ['there is no user', { estate: null }, 'no user of theirs, or several'],
  ['a licence is held', { accounts: { ...asItMustBe.accounts, salesforce: [user] } }, 'licence Inbox'],
  [
    'a SCIM account is active',
    { accounts: { ...asItMustBe.accounts, scim: { ringlead: [{ active: true }] } } },
    'active at ringlead',
  ],
  [
    'a group is held',
    { accounts: { ...asItMustBe.accounts, groups: ['okta-chorus-users'] } },
    'member of okta-chorus-users',
  ],
  ['two issues', { issues: [issue, issue] }, '2 offboarding issues instead of one'],
  ['an open issue', { issues: [{ ...issue, state: 'opened' }] }, 'it is not closed'],
  ['an issue for all', { issues: [{ ...issue, confidential: false }] }, 'it is not confidential'],
  [
    'it waits still',
    { workflow: { id: '', status: 'RUNNING', state: 'taken', runId: '' } },
    'DaytwoState is taken instead of watched',
  ],
  ['no workflow', { workflow: null }, 'the offboarding workflow does not exist instead of RUNNING'],
  ['no evidence', { evidence: null }, 'none of this leaving'],
  ['no freeze on record', withEvidence({ frozenAt: null }), 'no freeze'],
  ['nothing was swept', withEvidence({ kinds: [] }), 'no leaver.swept'],
  [
    'a system is open',
    withEvidence({ systems: [{ system: 'clari', status: 'open', how: null, inTime: null }] }),
    'clari is open',
  ],
  [
    'a system was late',
    withEvidence({ systems: [{ system: 'clari', status: 'revoked', how: 'attested', inTime: false }] }),
    'clari is late',
  ],
])('is missed: %s', (_, change, said) => {
  expect(missing(change)).toContain(said);
});
