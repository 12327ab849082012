import type { IssueRef } from '../domain/access-request';
import { leaverBlock, leaverMarker, leaverTitle, type LeaverReaders } from '../domain/leaver-text';
import type { LeaverRules } from '../domain/leaver-desk';
import type { LeaverCase, LeaverItem } from '../domain/leaving';
import { mergeBlock } from '../domain/owned-block';
import { ACTION_NEEDED } from '../domain/labels';
import type { PersonRecord } from '../evidence/store';
import { localTime } from '../handbook/business-time';
import type { DeskIssue } from '../systems/gitlab';
import { createOnce, raiseOpsTask, refOf } from './ops-task';
import { managersOf, pinnedPolicy, userNameOf, type World } from './world';

/** Who may settle what of this leaving. */
export async function leaverRules(world: World, one: LeaverCase, person: PersonRecord): Promise<LeaverRules> {
  const handbook = world.handbook();
  const policy = pinnedPolicy(handbook, one.policyVersion);
  const leaver = await userNameOf(world, person.email);
  const callers = [...(await managersOf(world, person.managerEmail)), ...policy.leaving.runBy];
  return {
    systems: handbook.systems,
    people: handbook.people,
    policy,
    leaver,
    callers: [...new Set(callers)].filter((name) => name !== leaver),
  };
}

/**
 * The issue of a leaving: made when work is due, confidential, and where the leaver can't see it. A member of a project sees its
 * confidential issues; so it stands in one of which the leaver isn't a member. Where there is none, ops are told to work by
 * the command, without a word of who leaves.
 */
export async function leaverIssue(
  world: World,
  one: LeaverCase,
  items: readonly LeaverItem[],
  readers: LeaverReaders,
): Promise<DeskIssue | null> {
  const known = one.issue && (await world.gitlab.issue(one.issue.project, one.issue.iid));
  if (known && !known.moved) return known;
  const project = await hiddenFrom(world, readers.rules.leaver);
  if (project === null) {
    await raiseOpsTask(world, {
      key: `leaver-unseen:${one.leaving.slice(-8)}`,
      title: 'A leaving can not be shown on GitLab',
      problems: ['every project that daytwo may write to is visible to the person whom a leaving is about'],
      mend: 'Work by the command: daytwo list --kind offboarding, daytwo show, daytwo complete. Or give daytwo a project of which only People and Sales Ops are members.',
    });
    return null;
  }
  const marker = leaverMarker(one.leaving);
  const made = await createOnce(world, project, marker, {
    title: leaverTitle(one.employeeId),
    description: mergeBlock('', leaverBlock(one, items, readers)),
    labels: [ACTION_NEEDED],
    confidential: true,
  });
  const ref: IssueRef = refOf(made);
  await world.store.leavers.put({ ...((await world.store.leavers.get(one.leaving)) ?? one), issue: ref });
  return made;
}

/** The first project whose members don't include the leaver; null where there is none. */
export async function hiddenFrom(world: World, leaver: string | null): Promise<string | null> {
  const { accessRequests, employment } = world.projects;
  for (const project of [accessRequests, employment])
    if (leaver === null || !(await world.gitlab.seesConfidential(project, leaver))) return project;
  return null;
}

export async function readersOf(
  world: World,
  one: LeaverCase,
  person: PersonRecord,
  rules: LeaverRules,
): Promise<LeaverReaders> {
  const { date, time } = localTime(one.timeZero, person.timeZone);
  return {
    name: person.name,
    email: person.email,
    timeZero: `${date} ${time.slice(0, 5)}, ${person.timeZone}`,
    rules,
    records: await world.store.leavers.recordCounts(one.leaving),
  };
}
