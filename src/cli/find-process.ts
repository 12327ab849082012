import { onboardingId, requestId } from '../temporal/client';
import type { Engine, Running } from './engine';
import type { Named } from './objects';
import { Refused } from './surroundings';

/** Where objects are looked up. */
export interface Places {
  readonly engine: Pick<Engine, 'find' | 'list'>;
  /** The employee id of an address in the store's people; null where it knows nobody. */
  readonly employeeOf: (email: string) => Promise<string | null>;
  /** The access-request project as configured; null where it isn't. */
  readonly project: string | null;
}

/** The process that is meant. @throws Refused where there is none, or more than one: with what was looked for */
export async function findProcess(named: Named, places: Places): Promise<Running> {
  switch (named.kind) {
    case 'workflow':
      return (await places.engine.find(named.workflowId)) ?? notFound([`the workflow ${named.workflowId}`]);
    case 'issue':
      return (
        (await requestOf(named.project, named.iid, places)) ??
        notFound([`the access request ${named.project}#${named.iid}`])
      );
    case 'iid':
      return (
        (await requestOf(projectOf(places), named.iid, places)) ??
        notFound([`the access request ${projectOf(places)}#${named.iid}`])
      );
    case 'e-mail': {
      const employeeId = await places.employeeOf(named.email);
      if (employeeId === null)
        return notFound(['a person with this e-mail address among those that HR announced']);
      return (
        (await processOf(employeeId, places)) ??
        notFound([`a process of employee ${employeeId}, whose address it is`])
      );
    }
    case 'employee':
      return (
        (await processOf(named.employeeId, places)) ?? notFound([`a process of employee ${named.employeeId}`])
      );
    case 'number':
      return numbered(named.digits, places);
  }
}

async function numbered(digits: string, places: Places): Promise<Running> {
  const project = places.project;
  const [request, ofEmployee] = await Promise.all([
    project === null ? null : requestOf(project, Number(digits), places),
    processOf(digits, places),
  ]);
  if (request && ofEmployee && request.workflowId !== ofEmployee.workflowId) {
    throw new Refused(
      `${digits} is both an access request and an employee. Say #${digits} for the request, or ${ofEmployee.workflowId} for the employee's process.`,
    );
  }
  const lookedFor = [
    ...(project === null ? [] : [`the access request ${project}#${digits}`]),
    `a process of employee ${digits}`,
  ];
  return request ?? ofEmployee ?? notFound(lookedFor);
}

const requestOf = (project: string, iid: number, { engine }: Places): Promise<Running | null> =>
  engine.find(requestId(project, iid));

function projectOf({ project }: Places): string {
  if (project === null)
    throw new Refused('Which project? GITLAB_ACCESS_REQUESTS_PROJECT is not set; say project#iid.');
  return project;
}

/** Of one person's processes: the access request before the onboarding that follows it, what runs before what ended. */
async function processOf(employeeId: string, { engine }: Places): Promise<Running | null> {
  const { found } = await engine.list(
    { kinds: ['access-request', 'onboarding', 'offboarding'], employeeId, ended: true },
    100,
  );
  const running = found.filter((process) => process.execution === 'RUNNING');
  const requests = running.filter((process) => process.kind === 'access-request');
  if (requests.length > 1) {
    throw new Refused(
      `Employee ${employeeId} has ${requests.length} access requests. Say which: ${requests.map((process) => process.workflowId).join(', ')}.`,
    );
  }
  const latest = found.find((process) => process.kind === 'access-request') ?? found[0];
  return requests[0] ?? running[0] ?? latest ?? engine.find(onboardingId(employeeId));
}

function notFound(lookedFor: readonly string[]): never {
  throw new Refused(
    `Nothing found. Looked for ${lookedFor.join(', and ')}. \`daytwo list --all\` shows what there is.`,
    { lookedFor },
  );
}
