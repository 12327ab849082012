import { applyAll, type Fact } from '../../src/domain/access-request';
import { APPROVED, COMPLETED, READY } from '../../src/domain/labels';
import { BOT, description, OPENED, request } from '../domain/request';
import type { DeskIssue } from '../../src/systems/gitlab';
import type { AccountsSeen } from '../../src/demo/accounts';
import { judgeDone, judgeWaiting, type Reading, type WorkflowSeen } from '../../src/demo/verdict';

const state = request();
const { tasks } = state.plan;
const done = applyAll(state, [
  ...tasks.map((task): Fact => ({
    kind: 'outcome',
    task: task.id,
    outcome: { kind: 'granted', verified: true },
    at: OPENED,
  })),
  {
    kind: 'others',
    ticked: Object.fromEntries(Object.keys(state.others).map((text) => [text, true])),
  },
]);
const request7: DeskIssue = {
  iid: 7,
  projectId: 101,
  title: 'Ada Example, Senior Account Executive: baseline access',
  description: description(done),
  state: 'closed',
  labels: [COMPLETED, APPROVED, READY, 'NewAccessRequest'],
  assignees: [{ id: 3, username: 'sam-ops' }],
  author: BOT,
  confidential: true,
  updatedAt: OPENED,
  createdAt: OPENED,
  webUrl: 'https://gitlab.example/7',
  project: 'sales-ops/access-requests',
  moved: false,
};
const onboarding2: DeskIssue = {
  ...request7,
  iid: 2,
  projectId: 102,
  state: 'opened',
  labels: [],
  assignees: [],
};
const accounts: AccountsSeen = {
  salesforce: [
    {
      active: true,
      profile: 'Sales User',
      role: 'Enterprise AE - Americas',
      permissionSets: ['Quoting_User', 'Inbox_User'],
      licences: ['Inbox'],
    },
  ],
  scim: { 'linkedin-sales-insights': [{ active: true }] },
  groups: ['okta-chorus-users'],
};
const workflow = (id: string, status: string, of: string | null): WorkflowSeen => ({
  id,
  status,
  state: of,
  runId: 'run-1',
});
const asItMustBe: Reading = {
  requests: [request7],
  onboardings: [onboarding2],
  linked: { fromRequest: true, fromOnboarding: true },
  accounts,
  mails: { amber: 1, meri: 1 },
  comments: [],
  workflows: {
    onboarding: workflow('onboarding/104711', 'COMPLETED', 'closed'),
    request: workflow('access-request/sales-ops/access-requests/7', 'COMPLETED', 'closed'),
  },
};
const wanted = { tasks, assignee: 'sam-ops', told: ['amber', 'meri'] };
const missing = (change: Partial<Reading>): string[] =>
  judgeDone(wanted, { ...asItMustBe, ...change }).flatMap((check) => check.missing);
const withIssue = (change: Partial<DeskIssue>): string[] =>
  missing({ requests: [{ ...request7, ...change }] });
const withUser = (change: Partial<AccountsSeen['salesforce'][number]>): string[] =>
  missing({
    accounts: { ...accounts, salesforce: accounts.salesforce.map((user) => ({ ...user, ...change })) },
  });

describe('a request that was worked to its end', () => {
  test('misses nothing where everything is there once', () => {
    expect(missing({})).toEqual([]);
  });

  test.each<[string, string[], RegExp]>([
    ['no request', missing({ requests: [] }), /0 access requests/],
    ['a second request', missing({ requests: [request7, request7] }), /2 access requests/],
    ['a request that is open', withIssue({ state: 'opened' }), /not closed/],
    ['a request that everybody may read', withIssue({ confidential: false }), /not confidential/],
    ['no Completed', withIssue({ labels: [APPROVED, READY] }), /no label ~"SalesOpsAR::Completed"/],
    [
      'a state left over',
      withIssue({ labels: [...request7.labels, 'AR-Approval::Needs Manager Approval'] }),
      /Needs Manager Approval" stands there still/,
    ],
    ['nobody assigned', withIssue({ assignees: [] }), /nobody instead of sam-ops/],
    [
      'an open box',
      withIssue({ description: description(done).replace('[x] Clari', '[ ] Clari') }),
      /open box: Clari/,
    ],
    ['no boxes', withIssue({ description: '' }), /no boxes/],
    ['a user that sleeps', withUser({ active: false }), /not active/],
    [
      'another profile',
      withUser({ profile: 'Standard User' }),
      /profile Standard User instead of Sales User/,
    ],
    ['another role', withUser({ role: '' }), /role none instead of Enterprise AE - Americas/],
    ['no permission set', withUser({ permissionSets: [] }), /no permission set Quoting_User/],
    ['no licence', withUser({ licences: [] }), /not there: licence Inbox/],
    [
      'no group',
      missing({ accounts: { ...accounts, groups: [] } }),
      /not there: member of okta-chorus-users/,
    ],
    [
      'two SCIM users',
      missing({
        accounts: { ...accounts, scim: { 'linkedin-sales-insights': [{ active: true }, { active: true }] } },
      }),
      /2 active of 2 accounts/,
    ],
    [
      'a SCIM user that sleeps',
      missing({ accounts: { ...accounts, scim: { 'linkedin-sales-insights': [{ active: false }] } } }),
      /0 active of 1 accounts/,
    ],
    ['no mail', missing({ mails: { amber: 1 } }), /no mail to meri/],
    ['two mails', missing({ mails: { amber: 2, meri: 1 } }), /2 mails instead of one to amber/],
    [
      'a link one way',
      missing({ linked: { fromRequest: true, fromOnboarding: false } }),
      /no link to the request/,
    ],
    ['two onboarding issues', missing({ onboardings: [onboarding2, onboarding2] }), /2 onboarding issues/],
    [
      'a workflow that runs still',
      missing({ workflows: { ...asItMustBe.workflows, request: workflow('r', 'RUNNING', 'completed') } }),
      /request's workflow is RUNNING instead of COMPLETED/,
    ],
  ])('misses one thing: %s', (_what, found, words) => {
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(words);
  });
});

test('without a user, what hangs on the user is missing too', () => {
  expect(missing({ accounts: { ...accounts, salesforce: [] } })).toEqual([
    '0 Salesforce users instead of one',
    'not there: licence Inbox',
  ]);
});

describe('a hire who waits for a role template', () => {
  const path = 'roles/department_enterprise_sales/role_value_engineer.yml';
  const told = ['eva-manager', 'amber', 'meri'];
  const waiting: Reading = {
    ...asItMustBe,
    requests: [],
    linked: { fromRequest: false, fromOnboarding: false },
    mails: { 'eva-manager': 1, amber: 1, meri: 1 },
    comments: [`Looked for:\n\n- \`${path}\``],
    workflows: { onboarding: workflow('onboarding/1', 'RUNNING', 'no_template'), request: null },
  };
  const lacks = (change: Partial<Reading>): string[] =>
    judgeWaiting({ paths: [path], told }, { ...waiting, ...change }).flatMap((check) => check.missing);

  test('misses nothing where those who can help were told and the process waits', () => {
    expect(lacks({})).toEqual([]);
  });

  test.each<[string, Partial<Reading>, RegExp]>([
    ['a request though there is no template', { requests: [request7] }, /1 access requests instead of none/],
    ['no onboarding issue', { onboardings: [] }, /0 onboarding issues/],
    ['a closed onboarding issue', { onboardings: [request7] }, /is closed/],
    ['no comment with the path', { comments: ['Looked for nothing'] }, /no comment names roles/],
    ['no mail to the manager', { mails: { amber: 1, meri: 1 } }, /no mail to eva-manager/],
    [
      'a workflow that ended',
      { workflows: { onboarding: workflow('onboarding/1', 'COMPLETED', 'no_template'), request: null } },
      /COMPLETED instead of RUNNING/,
    ],
    [
      'another state',
      { workflows: { onboarding: workflow('onboarding/1', 'RUNNING', 'wait'), request: null } },
      /DaytwoState is wait/,
    ],
    ['no workflow', { workflows: { onboarding: null, request: null } }, /does not exist/],
  ])('misses one thing: %s', (_what, change, words) => {
    const found = lacks(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(words);
  });
});
