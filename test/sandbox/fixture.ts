import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handbook, Person } from '../../src/domain/handbook';
import { startSandbox, type Sandbox } from '../../src/sandbox';

const person = (username: string, name: string): Person => ({
  username,
  name,
  email: `${username}@example.com`,
  managerEmail: null,
  timeZone: 'UTC',
  country: 'US',
  coveredBy: [],
});

const label = (name: string) => ({ name, color: '#428BCA', description: `What ${name} means` });

/** A small handbook: what the sandbox needs to be seeded. */
export const handbook: Handbook = {
  digest: 'test',
  systems: [],
  rates: {},
  issueTemplates: [],
  templates: [],
  naming: { departments: {}, titles: {}, seniority: { before: [], after: [] } },
  policies: [],
  territories: [],
  checklist: [],
  serviceAccounts: [],
  people: {
    members: [person('dana', 'Dana Desk'), person('erin', 'Erin Ellis'), person('mona', 'Mona Manager')],
    teams: {
      'sales-ops': { name: 'Sales Operations', members: ['dana', 'erin'] },
      managers: { name: 'Managers', members: ['mona'] },
    },
    salesOpsTeam: 'sales-ops',
    provisioningDris: ['dana', 'erin'],
    templateApprovers: ['mona'],
    approvers: { infrastructure: [], security: [] },
  },
  labels: {
    set: [
      'SalesOpsAR::Action Needed',
      'SalesOpsAR::In Progress',
      'SalesOpsAR::Completed',
      'NewAccessRequest',
    ].map(label),
    aliases: {},
    newBaselineRequest: ['NewAccessRequest'],
    newFiledRequest: ['NewAccessRequest'],
    greenLight: { deal_desk: 'Deal Desk::Green Light', finance: 'Finance::Green Light' },
  },
  holidays: {},
};

const dirs: string[] = [];
const started: Sandbox[] = [];

export function stateDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-sandbox-'));
  dirs.push(dir);
  return dir;
}

export async function sandbox(dir = stateDir()): Promise<Sandbox> {
  const one = await startSandbox({ stateDir: dir, handbook, ports: 'any' });
  started.push(one);
  return one;
}

/** Ends every sandbox that a test file started and removes their state. */
export async function cleanUp(): Promise<void> {
  await Promise.all(started.splice(0).map((one) => one.stop()));
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
}

export function tokenOf(one: Sandbox, username: string): string {
  const user = one.files.gitlab.users.find((row) => row.username === username);
  if (!user) throw new Error(`The sandbox has no user ${username}`);
  return user.token;
}
