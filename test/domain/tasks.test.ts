import type { Entitlement, System, Way } from '../../src/domain/handbook';
import { accessInWords, tasksFor } from '../../src/domain/tasks';
import { handbook, plan } from './request';

const { systems } = handbook;
const idsAfter = (entitlements: readonly Entitlement[]) =>
  Object.fromEntries(tasksFor(entitlements, systems).map(({ id, after }) => [id, after]));

test('a box for each way of each system, in the order of the template', () => {
  expect(plan().tasks.map(({ id, name }) => [id, name])).toEqual([
    ['salesforce', 'Salesforce'],
    ['salesforce-inbox', 'Salesforce Inbox'],
    ['linkedin-sales-insights', 'LinkedIn Sales Insights'],
    ['chorus', 'Chorus (sign-in group)'],
    ['chorus/person', 'Chorus (settings)'],
    ['clari', 'Clari'],
  ]);
});

test('Clari and the Inbox licence come after Salesforce; the settings of Chorus after its group', () => {
  expect(idsAfter(plan().tasks.map(({ entitlement }) => entitlement))).toMatchObject({
    salesforce: [],
    'salesforce-inbox': ['salesforce'],
    chorus: [],
    'chorus/person': ['chorus'],
    clari: ['salesforce'],
  });
});

test('what comes after a system that combines ways comes after all of them', () => {
  const clari = systems.map((system): System =>
    system.key === 'clari' ? { ...system, dependsOn: ['chorus'] } : system,
  );
  const tasks = tasksFor([{ system: 'clari' }, { system: 'chorus' }], clari);
  expect(tasks.find(({ id }) => id === 'clari')?.after).toEqual(['chorus', 'chorus/person']);
});

test('a system that is not part of the request is waited for nowhere', () => {
  expect(idsAfter([{ system: 'clari' }])).toEqual({ clari: [] });
});

test('a system that the handbook does not know gets no box', () => {
  expect(tasksFor([{ system: 'unheard-of' }], systems)).toEqual([]);
});

test('two ways of the same kind are two boxes with ids of their own', () => {
  const twice = systems.map((system): System =>
    system.key === 'chorus'
      ? { ...system, ways: ['a', 'b', 'c'].map((group) => ({ kind: 'okta-group' as const, group })) }
      : system,
  );
  const ids = tasksFor([{ system: 'chorus' }], twice).map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
});

test.each<[Way, string]>([
  [{ kind: 'salesforce-user' }, 'user'],
  [{ kind: 'salesforce-psl', permissionSetLicense: 'Inbox', permissionSet: null }, 'licence'],
  [{ kind: 'salesforce-package', namespace: 'LeanData' }, 'licence'],
  [{ kind: 'scim', connection: 'RINGLEAD' }, 'account'],
  [{ kind: 'okta-group', group: 'g' }, 'sign-in group'],
  [{ kind: 'person' }, 'settings'],
])('the part %j of a system is named %j', (way, part) => {
  const combined = systems.map((system): System =>
    system.key === 'chorus' ? { ...system, ways: [{ kind: 'person' }, way] } : system,
  );
  expect(tasksFor([{ system: 'chorus' }], combined)[1]?.name).toBe(`Chorus (${part})`);
});

test('what was approved is said in words', () => {
  expect(
    accessInWords({
      system: 'x',
      role: 'R',
      profile: 'P',
      team: 'T',
      licenceType: 'L',
      permissionSets: ['A', 'B'],
    }),
  ).toBe('profile P, role R, team T, licence type L, permission sets A, B');
  expect(accessInWords({ system: 'x', permissionSets: [] })).toBe('');
});
