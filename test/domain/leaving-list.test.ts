import { approvalsMissing, needsApproval, refusesApproval } from '../../src/domain/leaving-list';

const policy = { moreThan: 2, approvals: 2, by: ['amber', 'meri', 'pia-people'] };
const list = { employees: ['1', '2', '3'] };

describe('a list of leavers', () => {
  test.each([
    ['longer than the policy says', ['1', '2', '3'], true],
    ['of just as many', ['1', '2'], false],
  ])('%s: needs approval %s', (_what, employees, needs) => {
    expect(needsApproval({ employees }, policy)).toBe(needs);
  });

  test.each<[string, string, string | null, RegExp | null]>([
    ['by whom the policy names', 'amber', '900', null],
    ['by somebody of whom HR never told', 'amber', null, null],
    ['by anybody else', 'mallory', null, /mallory may not .* amber, meri, pia-people may/],
    ['by somebody who is on it', 'meri', '2', /meri is on the list/],
  ])('%s', (_what, by, employeeId, why) => {
    const refusal = refusesApproval(by, employeeId, list, policy);
    if (why === null) expect(refusal).toBeNull();
    else expect(refusal).toMatch(why);
  });

  test('nobody is named: that is said', () => {
    expect(refusesApproval('amber', null, list, { ...policy, by: [] })).toMatch(/leaving\.list\.by/);
  });

  test.each<[string, readonly string[], number]>([
    ['nobody approved', [], 2],
    ['one approved twice', ['amber', 'amber'], 1],
    ['one whom the policy names no longer', ['amber', 'old-boss'], 1],
    ['two approved', ['amber', 'meri'], 0],
    ['more than needed', ['amber', 'meri', 'pia-people'], 0],
  ])('%s: so many are missing', (_what, by, missing) => {
    expect(approvalsMissing(by, policy)).toBe(missing);
  });
});
