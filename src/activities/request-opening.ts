import { newRequest, type IssueRef, type RequestPlan } from '../domain/access-request';
import type { Handbook, Policy, Region } from '../domain/handbook';
import type { HireStep } from '../domain/hire';
import type { PersonFacts } from '../domain/hr-event';
import { labelsFor } from '../domain/labels';
import { mergeBlock } from '../domain/owned-block';
import { requestBlock, requestMarker, requestTitle } from '../domain/request-text';
import type { FoundRole } from '../domain/roles';
import { baselineTasks } from '../domain/stages';
import { addBusinessDays, calendarOf } from '../handbook';
import type { DeskIssue } from '../systems/gitlab';
import { ourIssue, refOf } from './ops-task';
import { managersOf, type World } from './world';
import { recordOfHire } from './hire-record';

export interface OpenedRequest {
  readonly kind: 'opened';
  readonly ref: IssueRef;
  readonly plan: RequestPlan;
  readonly openedAt: string;
}

/** Opens the request of a hire, or finds the one that was opened before; a repeat where that has ended. */
export async function openRequest(
  world: World,
  employeeId: string,
  facts: PersonFacts,
  role: FoundRole,
  onboarding: DeskIssue,
  policy: Policy,
  now: string,
): Promise<OpenedRequest | Extract<HireStep, { kind: 'repeat' }>> {
  const handbook = world.handbook();
  const planAt = (at: string): RequestPlan =>
    planFor(handbook, employeeId, facts, role, policy, { at, onboardingUrl: onboarding.webUrl });
  const marker = requestMarker(employeeId, facts.start_date);
  const known = await ourIssue(world, marker, world.projects.accessRequests);
  const open = known?.state === 'opened' ? known : undefined;
  if (known && !open && !(await wasTakenBack(world, known))) {
    await recordOfHire(
      world,
      employeeId,
      facts.time_zone,
      'hire.repeated',
      'heard of a hire whose access request has ended already',
      {},
      refOf(known),
      marker,
    );
    return { kind: 'repeat', ref: refOf(known) };
  }
  const issue =
    open ??
    (await world.gitlab.create(
      world.projects.accessRequests,
      await newRequestIssue(world, facts, employeeId, planAt(now), now),
    ));
  const openedAt = new Date(issue.createdAt).toISOString();
  // Due from when it was opened, however often it is looked for.
  const plan = planAt(openedAt);
  await world.gitlab.link(
    world.projects.accessRequests,
    issue.iid,
    world.projects.employment,
    onboarding.iid,
  );
  await world.store.stopWaiting(employeeId, 'template');
  const ref = refOf(issue);
  await recordOfHire(
    world,
    employeeId,
    facts.time_zone,
    'request.opened',
    plan.bornApproved
      ? 'opened the access request, approved with its role template'
      : 'opened the access request; it waits for approval, since its role template is not as it was approved',
    {
      policy: policy.effectiveFrom,
      templateDigest: plan.templateDigest,
      after: {
        templates: [...plan.templatePaths],
        systems: [...new Set(plan.tasks.map((task) => task.system))],
        approvedBy: plan.bornApproved ? [...(plan.templateApproval?.by ?? [])] : [],
        stripped: [...plan.stripped],
      },
    },
    ref,
    marker,
  );
  return { kind: 'opened', ref, plan, openedAt };
}

/** Whether HR had taken the hire back that this request was for: who is hired again then needs another one. */
const wasTakenBack = async (world: World, issue: DeskIssue): Promise<boolean> =>
  (await world.store.story({ request: `${issue.project}#${issue.iid}` })).some(
    ({ kind, channel }) => kind === 'decision.cancel' && channel === 'hris',
  );

/** The plan that the request pins: what the role gets in this region, under the policy of the day. */
export function planFor(
  handbook: Handbook,
  employeeId: string,
  facts: PersonFacts,
  role: FoundRole,
  policy: Policy,
  opening: { readonly at: string; readonly onboardingUrl: string | null },
): RequestPlan {
  const approvals = role.templates.flatMap((template) => template.approval ?? []);
  return {
    employeeId,
    region: facts.region as Region,
    startDate: facts.start_date,
    policyVersion: policy.effectiveFrom,
    templatePaths: role.templates.map((template) => template.path),
    templateDigest: role.digest,
    bornApproved: role.bornApproved,
    templateApproval:
      approvals.length > 0
        ? {
            by: [...new Set(approvals.flatMap((approval) => approval.by))],
            on:
              approvals
                .map((approval) => approval.on)
                .sort()
                .at(-1) ?? '',
          }
        : null,
    stripped: role.strippedSox,
    tasks: baselineTasks(role.entitlements, handbook.systems, facts.region as Region),
    otherTeams: role.otherTeams.map((section) => ({
      ...section,
      team: handbook.people.teams[section.team]?.name ?? section.team,
    })),
    seatRetryMinutes: policy.seatRetryMinutes,
    pooled: true,
    onboardingUrl: opening.onboardingUrl,
    dueAt: addBusinessDays(
      opening.at,
      policy.requestDueBusinessDays,
      calendarOf(handbook, policy, { timeZone: facts.time_zone, country: facts.country }),
    ),
  };
}

async function newRequestIssue(
  world: World,
  facts: PersonFacts,
  employeeId: string,
  plan: RequestPlan,
  now: string,
) {
  const { people, systems, labels } = world.handbook();
  const state = newRequest({ project: world.projects.accessRequests, iid: 0, url: '' }, plan, now);
  const approvers = plan.bornApproved ? [] : await managersOf(world, facts.manager_email);
  const text = requestBlock(state, {
    person: { ...facts, employee_id: employeeId },
    people,
    systems,
    approvers,
    onboardingUrl: plan.onboardingUrl,
  });
  const others = plan.otherTeams.flatMap((section) => section.label ?? []);
  return {
    title: requestTitle(facts),
    description: mergeBlock('', text),
    labels: [...labels.newBaselineRequest, ...labelsFor(state), ...others],
    confidential: true,
  };
}
