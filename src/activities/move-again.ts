import { REGIONS } from '../domain/handbook';
import { resolveRole } from '../domain/roles';
import type { ChainedRow } from '../evidence/row';
import type { DeskIssue } from '../systems/gitlab';
import { moveInput, roleIn } from './move-filing';
import { pinnedPolicy, type World } from './world';

/**
 * Takes up a mover's request whose workflow is gone (a lost cluster), as it was filed. What HR said then stands in the
 * evidence; the issue's text, which anybody may edit, is not asked for it. False where nothing was started.
 */
export async function takeUpMove(world: World, issue: DeskIssue): Promise<boolean> {
  const story = await world.store.story({ request: `${issue.project}#${issue.iid}` });
  const filed = story.find(({ kind }) => kind === 'move.filed');
  const person = filed?.subject ? await world.store.personById(filed.subject) : null;
  if (!filed || !person || person.status === 'left' || person.status === 'rescinded') return false;
  // Whoever files it may be about to start it.
  if (await world.hints.isRunning(`move/${person.employeeId}`)) return false;
  await world.hints.startRequest(
    await moveInput(world, issue, {
      policy: pinnedPolicy(world.handbook(), textOf(filed, 'policy')),
      oldManagerEmail: await emailOf(world, textOf(filed, 'managerBefore')),
      given: givenThen(world, filed),
    }),
  );
  return true;
}

/** What the template of the new role gave, as long as it is the same template: what was changed since must be approved. */
function givenThen(world: World, { detail }: ChainedRow): Parameters<typeof moveInput>[2]['given'] {
  const after = roleIn(detail.after);
  const region = REGIONS.find((one) => one === after?.region);
  const role = after && region && resolveRole(world.handbook(), { ...after, region });
  return role?.kind === 'found' && role.bornApproved && role.digest === detail.templateDigest
    ? role.entitlements
    : [];
}

const textOf = ({ detail }: ChainedRow, field: string): string => {
  const value = detail[field];
  return typeof value === 'string' ? value : '';
};

async function emailOf(world: World, username: string): Promise<string | null> {
  if (username === '') return null;
  const member = world.handbook().people.members.find((one) => one.username === username);
  return member?.email ?? (await world.gitlab.emailOf(username)) ?? null;
}
