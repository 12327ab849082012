import { loadHandbook, watchHandbook, type LoadResult } from '../../src/handbook';
import { Copy } from './sample';

const ENTERPRISE = 'roles/department_enterprise_sales/role_account_executive.yml';
const TWO_SECONDS = 2_000;

describe('watching the handbook', () => {
  let copy: Copy;
  let told: LoadResult[];
  let stop: () => void;

  beforeEach(() => {
    jest.useFakeTimers();
    copy = new Copy();
    told = [];
    stop = watchHandbook(copy.dir, (result) => told.push(result));
    jest.advanceTimersByTime(TWO_SECONDS);
  });
  afterEach(() => {
    stop();
    jest.useRealTimers();
    copy.remove();
  });

  it('is silent while nothing changes', () => {
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });

  it('gives the new handbook within two seconds of a change', () => {
    copy.replace(ENTERPRISE, 'role: Rep', 'role: Manager');
    jest.advanceTimersByTime(TWO_SECONDS);
    expect(told).toEqual([expect.objectContaining({ ok: true })]);
  });

  it('notices a template that is added', () => {
    copy.write('roles/department_channel/role_account_executive.yml', copy.text(ENTERPRISE));
    jest.advanceTimersByTime(TWO_SECONDS);
    const [result] = told;
    expect(result?.ok && result.handbook.templates.map(({ path }) => path)).toContain(
      'roles/department_channel/role_account_executive.yml',
    );
  });

  it('reports a faulty change once, keeps the handbook in force, and takes the mended one', () => {
    copy.replace(ENTERPRISE, 'role: Rep', 'rule: Rep');
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([expect.objectContaining({ ok: false })]);
    copy.replace(ENTERPRISE, 'rule: Rep', 'role: Manager');
    jest.advanceTimersByTime(TWO_SECONDS);
    expect(told.map(({ ok }) => ok)).toEqual([false, true]);
  });

  it('is silent about a change of comments only', () => {
    copy.write(ENTERPRISE, `# Nothing new.\n${copy.text(ENTERPRISE)}`);
    jest.advanceTimersByTime(TWO_SECONDS);
    expect(told).toEqual([]);
  });

  it('tells of what changed between the reading and the watching', () => {
    const read = loadHandbook(copy.dir);
    copy.replace(ENTERPRISE, 'role: Rep', 'role: Manager');
    const later: LoadResult[] = [];
    const stopLater = watchHandbook(
      copy.dir,
      (result) => later.push(result),
      read.ok ? read.handbook.digest : '',
    );
    jest.advanceTimersByTime(TWO_SECONDS);
    stopLater();
    expect(later).toHaveLength(1);
  });

  it('says nothing once it is stopped', () => {
    stop();
    copy.replace(ENTERPRISE, 'role: Rep', 'role: Manager');
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });
});
