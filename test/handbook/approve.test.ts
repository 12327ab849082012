import { approveTemplate, loadHandbook } from '../../src/handbook';
import { withApproval } from '../../src/handbook/approve';
import { resolveRole } from '../../src/domain/roles';
import { Copy } from './sample';

const PUBSEC = 'roles/department_pubsec/role_account_executive.yml';
const ENTERPRISE = 'roles/department_enterprise_sales/role_account_executive.yml';
const TODAY = '2026-11-24';

describe('approving a role template', () => {
  let copy: Copy;
  beforeEach(() => (copy = new Copy()));
  afterEach(() => copy.remove());

  const bornApproved = (department: string): boolean => {
    const loaded = loadHandbook(copy.dir);
    if (!loaded.ok) throw new Error('the copy does not load');
    const role = resolveRole(loaded.handbook, {
      department,
      title: 'Account Executive',
      specialty: null,
      region: 'Americas',
    });
    return role.kind === 'found' && role.bornApproved;
  };
  const withoutBlock = (text: string): string =>
    text.replace(/approved:\r?\n {2}by: .*\r?\n {2}on: .*\r?\n {2}digest: .*/, '');

  it('makes requests born approved again, and changes nothing but its block', () => {
    const before = copy.text(PUBSEC);
    expect(bornApproved('Public Sector')).toBe(false);
    expect(approveTemplate(copy.dir, PUBSEC, 'pete-manager', TODAY)).toMatchObject({
      ok: true,
      by: ['pete-manager'],
    });
    expect(bornApproved('Public Sector')).toBe(true);
    const after = copy.text(PUBSEC);
    expect(after).toContain('by: [pete-manager]\n  on: 2026-11-24\n');
    expect(withoutBlock(after)).toBe(withoutBlock(before));
  });

  it('keeps those who approved the same content, and writes nothing for one who has', () => {
    expect(approveTemplate(copy.dir, ENTERPRISE, 'dana-manager', TODAY)).toMatchObject({
      by: ['vera-vp', 'dana-manager'],
      changed: true,
    });
    const approved = copy.text(ENTERPRISE);
    expect(approveTemplate(copy.dir, ENTERPRISE, 'dana-manager', '2026-12-01')).toMatchObject({
      changed: false,
    });
    expect(copy.text(ENTERPRISE)).toBe(approved);
  });

  it('is void after a functional change, and stands after comments, layout or order have changed', () => {
    copy.write(
      ENTERPRISE,
      `# Another comment.\n${copy.text(ENTERPRISE).replace('  clari:\n    role: Rep\n', '')}`,
    );
    copy.replace(ENTERPRISE, 'gets:\n', 'gets:\n  clari: { role: Rep }\n');
    expect(bornApproved('Enterprise Sales')).toBe(true);
    copy.replace(ENTERPRISE, '{ role: Rep }', '{ role: Manager }');
    expect(bornApproved('Enterprise Sales')).toBe(false);
  });

  it("can't be carried to another role with its block", () => {
    copy.write('roles/department_channel/role_account_executive.yml', copy.text(ENTERPRISE));
    expect(bornApproved('Enterprise Sales')).toBe(true);
    expect(bornApproved('Channel')).toBe(false);
  });

  it.each([
    ['somebody who may not approve templates', PUBSEC, 'mo-mktg', TODAY, 'may not approve templates'],
    ['somebody nobody knows', PUBSEC, 'nobody', TODAY, 'unknown person'],
    ['another file', 'people.yml', 'vera-vp', TODAY, 'no role template'],
    ['a file outside', '../../../etc/passwd', 'vera-vp', TODAY, 'no role template'],
    ['a date that there is none of', PUBSEC, 'vera-vp', '2026-02-30', 'not a date of the calendar'],
  ])('refuses %s', (_, file, by, today, problem) => {
    const before = copy.text(PUBSEC);
    expect(approveTemplate(copy.dir, file, by, today)).toMatchObject({ ok: false, problems: [{ problem }] });
    expect(copy.text(PUBSEC)).toBe(before);
  });

  it('refuses while the handbook does not pass its check, and says why', () => {
    copy.replace('people.yml', 'Europe/Berlin', 'Europe/Berln');
    expect(approveTemplate(copy.dir, PUBSEC, 'vera-vp', TODAY)).toMatchObject({
      ok: false,
      problems: [{ file: 'people.yml', problem: 'not a time zone' }],
    });
  });

  it('takes the path from where one stands, too', () => {
    expect(approveTemplate(copy.dir, `${copy.dir}/${PUBSEC}`, 'vera-vp', TODAY)).toMatchObject({
      ok: true,
      path: PUBSEC,
    });
  });

  describe('the text', () => {
    const approval = { by: ['a'], on: TODAY, digest: 'sha256:0' };
    const block = 'approved:\n  by: [a]\n  on: 2026-11-24\n  digest: sha256:0';
    it.each([
      ['no block', 'gets: {}\n', `gets: {}\n\n${block}\n`],
      ['no block and no last line end', 'gets: {}', `gets: {}\n\n${block}\n`],
      [
        'a block in the middle',
        `gets: {}\napproved:\n  by:\n    - b\n\n  on: x\n# kept\nother_teams: []\n`,
        `gets: {}\n${block}\n# kept\nother_teams: []\n`,
      ],
      ['a block on one line', 'approved: { by: [b] } # gone\n\n\ngets: {}\n', `${block}\n\n\ngets: {}\n`],
      ['null', 'approved: null\ngets: {}\n', `${block}\ngets: {}\n`],
      [
        'Windows line ends',
        'approved:\r\n  by: [b]\r\ngets: {}\r\n',
        `${block.replaceAll('\n', '\r\n')}\r\ngets: {}\r\n`,
      ],
    ])('with %s', (_, before, after) => {
      expect(withApproval(before, approval)).toBe(after);
    });
  });
});
