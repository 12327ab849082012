import { findProcess, type Places } from '../../src/cli/find-process';
import { readObject, type Named } from '../../src/cli/objects';
import { Refused, WrongUsage } from '../../src/cli/surroundings';
import { FakeEngine, running } from './fakes';

const GITLAB = 'https://gitlab.example';
const project = 'sales-ops/access-requests';

describe('an object is named as people name it', () => {
  it.each<[string, Named]>([
    ['https://gitlab.example/sales-ops/access-requests/-/issues/12', { kind: 'issue', project, iid: 12 }],
    [
      'https://gitlab.example/sales-ops/access-requests/-/issues/12#note_4',
      { kind: 'issue', project, iid: 12 },
    ],
    ['https://gitlab.example/a/b/c/-/work_items/3?x=1', { kind: 'issue', project: 'a/b/c', iid: 3 }],
    ['https://gitlab.example/sales-ops/access-requests/issues/12/', { kind: 'issue', project, iid: 12 }],
    ['sales-ops/access-requests#12', { kind: 'issue', project, iid: 12 }],
    ['#12', { kind: 'iid', iid: 12 }],
    ['104711', { kind: 'number', digits: '104711' }],
    ['E-104.7', { kind: 'employee', employeeId: 'E-104.7' }],
    [' ada@example.com ', { kind: 'e-mail', email: 'ada@example.com' }],
    ['onboarding/104711', { kind: 'workflow', workflowId: 'onboarding/104711' }],
    [
      'access-request/sales-ops/access-requests/12',
      { kind: 'workflow', workflowId: 'access-request/sales-ops/access-requests/12' },
    ],
  ])('%s', (text, named) => {
    expect(readObject(text, GITLAB)).toEqual(named);
  });

  it('below a path of the instance, and on this machine by either of its names', () => {
    expect(readObject('https://x.example/gitlab/a/b/-/issues/1', 'https://x.example/gitlab')).toEqual({
      kind: 'issue',
      project: 'a/b',
      iid: 1,
    });
    expect(readObject('http://localhost:80/a/b/-/issues/1', 'http://127.0.0.1:80')).toEqual({
      kind: 'issue',
      project: 'a/b',
      iid: 1,
    });
  });

  it.each([
    '',
    '#',
    'two words',
    'https://gitlab.example/a/b',
    'https://other.example/a/b/-/issues/1',
    "x' OR 1=1",
  ])('%p names nothing', (text) => {
    expect(() => readObject(text, GITLAB)).toThrow(WrongUsage);
  });
});

describe('which process is meant', () => {
  const request = running(`access-request/${project}/12`);
  const onboarding = running('onboarding/104711');
  const find = (text: string, processes = [onboarding, request], change: Partial<Places> = {}) =>
    findProcess(readObject(text, GITLAB), {
      engine: new FakeEngine(processes),
      employeeOf: (email) => Promise.resolve(email === 'ada@example.com' ? '104711' : null),
      project,
      ...change,
    });

  it.each([
    '#12',
    '12',
    `${project}#12`,
    `${GITLAB}/${project}/-/issues/12`,
    '104711',
    'ada@example.com',
    request.workflowId,
  ])('%s is the access request', async (text) => {
    expect(await find(text)).toBe(request);
  });

  it('of a person without a request it is the onboarding', async () => {
    expect(await find('104711', [onboarding])).toBe(onboarding);
  });

  it('what runs comes before what ended; else the latest request is shown', async () => {
    const ended = running(`access-request/${project}/9`, { execution: 'COMPLETED' });
    expect(await find('104711', [ended, onboarding])).toBe(onboarding);
    expect(await find('104711', [{ ...onboarding, execution: 'COMPLETED' }, ended])).toBe(ended);
  });

  it('a number that is an issue and an employee is asked back', async () => {
    const other = running('onboarding/12', { employeeId: '12' });
    await expect(find('12', [request, other])).rejects.toThrow(/both.*#12.*onboarding\/12/);
    expect(await find('#12', [request, other])).toBe(request);
  });

  it('a person with two running requests is asked back', async () => {
    await expect(find('104711', [request, running(`access-request/${project}/13`)])).rejects.toThrow(
      /2 access requests.*\/12.*\/13/,
    );
  });

  it.each([
    ['#99', `the access request ${project}#99`],
    ['99', `the access request ${project}#99, and a process of employee 99`],
    ['nobody@example.com', 'a person with this e-mail address'],
    ['E-9', 'a process of employee E-9'],
    ['onboarding/9', 'the workflow onboarding/9'],
  ])('%s is unknown: it says what was looked for', async (text, lookedFor) => {
    const fault = await find(text).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Refused);
    expect(String(fault)).toContain(lookedFor);
  });

  it('does not repeat an address that nobody has', async () => {
    await expect(find('nobody@example.com')).rejects.not.toThrow(/nobody@/);
  });

  it('without a configured project, #12 asks for it and 12 is an employee', async () => {
    await expect(find('#12', [request], { project: null })).rejects.toThrow(/project#iid/);
    await expect(find('12', [request], { project: null })).rejects.toThrow(/employee 12/);
  });
});
