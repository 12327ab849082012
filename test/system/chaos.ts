import { Connection as Salesforce } from 'jsforce';
import { accountExecutive, Desk } from '../support/desk';
import { eventually, type System } from '../support/system';

/** Ten hires, and somebody who picks each up and ticks its boxes, whatever else happens. */
export async function workTenHires(system: System, prefix: string): Promise<readonly string[]> {
  const ids = Array.from({ length: 10 }, (_, at) => `${prefix}${at}`);
  await Promise.all(ids.map((id) => system.hr(accountExecutive(id))));
  await Promise.all(ids.map((id) => workRequest(system, id)));
  return ids;
}

/** Picks the request up and ticks what is open, again and again until it is closed: people don't give up either. */
async function workRequest(system: System, employeeId: string): Promise<void> {
  const desk = new Desk(system);
  await eventually(
    `the request of employee ${employeeId} is closed`,
    async () => {
      const [issue] = await desk.requestsOf(employeeId);
      if (!issue) return false;
      if (issue.state === 'closed') return true;
      if (issue.assignees.length === 0) {
        await desk.assignSelf('sam-ops', issue.iid);
        return false;
      }
      const ready =
        /- \[x\] Salesforce:/.test(issue.description) &&
        /- \[x\] Chorus \(sign-in group\)/.test(issue.description);
      if (ready) {
        await desk.tick('sam-ops', issue.iid, 'Chorus (settings)');
        await desk.tick('sam-ops', issue.iid, 'Clari');
      }
      if (issue.labels.includes('SalesOpsAR::Completed')) await desk.tick('mo-mktg', issue.iid, 'Outreach');
      return false;
    },
    240_000,
  );
}

/** What the systems themselves hold of the hires: each exactly once. */
export async function countsOf(
  system: System,
  ids: readonly string[],
): Promise<Record<string, readonly number[]>> {
  const desk = new Desk(system);
  const { salesforce, scim, okta } = system.sandbox;
  const org = new Salesforce({
    loginUrl: salesforce.loginUrl,
    instanceUrl: salesforce.instanceUrl,
    version: salesforce.apiVersion,
  });
  await org.authorize({
    grant_type: 'client_credentials',
    client_id: salesforce.clientId,
    client_secret: salesforce.clientSecret,
  });
  const linkedin = scim.find((one) => one.system === 'linkedin-sales-insights');
  const mails = await system.mails();
  const counts: Record<string, number[]> = {
    issues: [],
    salesforce: [],
    scim: [],
    group: [],
    mailsAmber: [],
    mailsMeri: [],
  };
  for (const id of ids) {
    const { email, name } = accountExecutive(id);
    counts['issues']?.push((await desk.requestsOf(id)).length);
    const users = await org.query(`SELECT Id FROM User WHERE IsActive = true AND Email = '${email}'`);
    counts['salesforce']?.push(users.totalSize);
    const found = await fetch(
      `${linkedin?.url}/Users?filter=${encodeURIComponent(`userName eq "${email}"`)}`,
      { headers: { Authorization: `Bearer ${linkedin?.token}` } },
    );
    counts['scim']?.push(((await found.json()) as { Resources?: unknown[] }).Resources?.length ?? 0);
    const groups = await fetch(`${okta.url}/api/v1/users/${encodeURIComponent(email)}/groups`, {
      headers: { Authorization: `SSWS ${okta.token}` },
    });
    counts['group']?.push(
      ((await groups.json()) as { profile: { name: string } }[]).filter(
        (group) => group.profile.name === 'okta-chorus-users',
      ).length,
    );
    for (const dri of ['amber', 'meri']) {
      const born = mails.filter((mail) => mail.to === `${dri}@daytwo.example` && mail.subject.includes(name));
      counts[dri === 'amber' ? 'mailsAmber' : 'mailsMeri']?.push(born.length);
    }
  }
  return counts;
}

export const onceEach = (ids: readonly string[]): Record<string, number[]> => {
  const ones = ids.map(() => 1);
  return { issues: ones, salesforce: ones, scim: ones, group: ones, mailsAmber: ones, mailsMeri: ones };
};
