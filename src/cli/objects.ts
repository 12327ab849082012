import { territoryRunId } from '../domain/territory/run';
import { WrongUsage } from './surroundings';

/** An object as people name it. */
export type Named =
  | { readonly kind: 'issue'; readonly project: string; readonly iid: number }
  /** `#12`: of the access-request project. */
  | { readonly kind: 'iid'; readonly iid: number }
  /** `12`: an issue of the access-request project, or an employee. */
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'e-mail'; readonly email: string }
  | { readonly kind: 'employee'; readonly employeeId: string }
  | { readonly kind: 'workflow'; readonly workflowId: string };

export const OBJECT_HELP = `<object>: an issue's address, project#iid, #iid, an e-mail, an employee id, a month (its close), a change of it (2026-10/change/1), or a workflow id.`;

const EMPLOYEE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Reads what was meant from the text alone. @throws WrongUsage where no object is named so */
export function readObject(text: string, gitlabUrl: string | null): Named {
  const given = text.trim();
  if (/^https?:\/\//i.test(given)) return issueAt(given, gitlabUrl);
  const [, project, iid] = /^([\w.-]+(?:\/[\w.-]+)+)#(\d{1,15})$/.exec(given) ?? [];
  if (project && iid) return { kind: 'issue', project, iid: Number(iid) };
  if (/^(access-request|onboarding|offboarding|desk|seats|reclaim|close|tsp|account-review)\/./.test(given))
    return { kind: 'workflow', workflowId: given };
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(given)) return { kind: 'workflow', workflowId: `close/${given}` };
  if (/^\d{4}-(0[1-9]|1[0-2])\/change\/\d{1,6}$/.test(given))
    return { kind: 'workflow', workflowId: `close/${given}` };
  if (/^\d{4}-\d{2}-\d{2}(\.\d{1,3})?(\/rollback)?$/.test(given))
    return { kind: 'workflow', workflowId: territoryRunId(given) };
  if (/^#\d{1,15}$/.test(given)) return { kind: 'iid', iid: Number(given.slice(1)) };
  if (/^[^\s@]+@[^\s@]+$/.test(given)) return { kind: 'e-mail', email: given };
  if (/^\d{1,15}$/.test(given)) return { kind: 'number', digits: given };
  if (EMPLOYEE_ID.test(given)) return { kind: 'employee', employeeId: given };
  throw new WrongUsage(`"${given}" names no object. ${OBJECT_HELP}`);
}

/** `https://gitlab.example.com/group/project/-/issues/12`, also below a path of the instance, and with `#note_1`. */
function issueAt(address: string, gitlabUrl: string | null): Named {
  const url = URL.canParse(address) ? new URL(address) : null;
  const base = gitlabUrl && URL.canParse(gitlabUrl) ? new URL(gitlabUrl) : null;
  if (url && base && !sameHost(url, base))
    throw new WrongUsage(`${address} is of another GitLab than ${base.origin} (GITLAB_URL).`);
  const below = base?.pathname.replace(/\/+$/, '') ?? '';
  const path = url?.pathname.startsWith(`${below}/`)
    ? url.pathname.slice(below.length)
    : (url?.pathname ?? '');
  const [, project, iid] =
    /^\/([\w.-]+(?:\/[\w.-]+)+?)(?:\/-)?\/(?:issues|work_items)\/(\d{1,15})\/?$/.exec(path) ?? [];
  if (!project || !iid)
    throw new WrongUsage(
      `${address} is no issue's address, such as https://gitlab.example.com/group/project/-/issues/12.`,
    );
  return { kind: 'issue', project, iid: Number(iid) };
}

function sameHost(a: URL, b: URL): boolean {
  const named = (url: URL): string =>
    `${url.hostname.replace(/^(127\.0\.0\.1|\[::1\])$/, 'localhost')}:${url.port}`;
  return named(a) === named(b);
}
