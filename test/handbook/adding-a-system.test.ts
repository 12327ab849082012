import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { approveTemplate, formatProblems, loadHandbook, type LoadResult } from '../../src/handbook';
import { resolveRole } from '../../src/domain/roles';
import { Copy } from './sample';

const ARCHITECT = 'roles/department_customer_success/role_solutions_architect.yml';
const GUIDE = readFileSync(join(__dirname, '../../docs/adding-a-system.md'), 'utf8');
const [system = '', entitlement = ''] = [...GUIDE.matchAll(/```yaml\n(.*?)```/gs)].map(
  ([, block]) => block ?? '',
);

describe('docs/adding-a-system.md, followed to the letter', () => {
  let copy: Copy;
  beforeEach(() => (copy = new Copy()));
  afterEach(() => copy.remove());

  const load = (): Extract<LoadResult, { ok: true }> => {
    const loaded = loadHandbook(copy.dir);
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    return loaded;
  };
  const follow = (): void => {
    copy.replace('systems.yml', 'systems:\n', system);
    copy.replace(ARCHITECT, 'gets:\n', entitlement);
  };

  it('adds a system that is provisioned by SCIM', () => {
    follow();
    expect(load().handbook.systems).toContainEqual(
      expect.objectContaining({
        key: 'highspot',
        ways: [{ kind: 'scim', connection: 'HIGHSPOT' }],
        requires: ['role'],
      }),
    );
    const role = resolveRole(load().handbook, {
      department: 'Customer Success',
      title: 'Solutions Architect',
      specialty: null,
      region: 'Americas',
    });
    expect(role.kind === 'found' && role.entitlements).toContainEqual({
      system: 'highspot',
      role: 'Contributor',
    });
  });

  it('warns as it says that the template has changed, until it is approved', () => {
    follow();
    const warned = (): string[] => load().warnings.map(({ file }) => file);
    expect(warned()).toContain(ARCHITECT);
    expect(approveTemplate(copy.dir, ARCHITECT, 'vera-vp', '2026-11-24').ok).toBe(true);
    expect(warned()).not.toContain(ARCHITECT);
  });

  it('names every kind of way that the configuration takes', () => {
    const kinds = [...GUIDE.matchAll(/^\| `([a-z-]+)` +\|.*\|.*\|$/gm)].map(([, kind]) => kind);
    copy.replace('systems.yml', 'kind: salesforce-user', 'kind: none');
    const loaded = loadHandbook(copy.dir);
    const mend = loaded.ok ? '' : loaded.problems.map((found) => found.mend).join();
    expect(kinds.length).toBeGreaterThan(5);
    for (const kind of kinds) expect(mend).toContain(kind);
  });
});
