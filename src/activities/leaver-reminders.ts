import { codeSpan } from '../domain/escape';
import { settlersOf, type LeaverRules } from '../domain/leaver-desk';
import { isSettled, type LeaverCase, type LeaverItem } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { calendarOf } from '../handbook/business-time';
import { remindersOf } from '../handbook/leaving-time';
import { postOnce } from './desk-comments';
import { keepEvidence } from './keep';
import { aboutOf } from './leaver-record';
import { pinnedPolicy, type World } from './world';

const WORDS = ['its deprovisioners', 'the team', 'its owner'] as const;

/**
 * Reminds of what is open: after 24 hours its deprovisioners, then the team, then the owner; each once. More than reminding is
 * never done by time.
 *
 * @returns the instant of the next reminder; null where none is left
 */
export async function remindDue(
  world: World,
  one: LeaverCase,
  person: PersonRecord,
  items: readonly LeaverItem[],
  rules: LeaverRules,
  now: string,
): Promise<string | null> {
  const open = items.filter((item) => !isSettled(item));
  if (one.phase !== 'taken' || open.length === 0) return null;
  const handbook = world.handbook();
  const policy = pinnedPolicy(handbook, one.policyVersion);
  const instants = remindersOf(one.timeZero, policy.leaving.remind, calendarOf(handbook, policy, person));
  for (const [stage, at] of instants.entries()) {
    if (Date.parse(at) > Date.parse(now)) continue;
    const late = open.filter(({ reminded }) => reminded <= stage);
    if (late.length === 0) continue;
    await tell(world, one, late, rules, stage);
    await world.store.leavers.putItems(
      one.leaving,
      late.map((item) => ({ ...item, reminded: (stage + 1) as LeaverItem['reminded'] })),
    );
    await keepEvidence(world, [
      {
        id: `${one.leaving}/reminded/${stage + 1}/${late.map(({ id }) => id).join(',')}`,
        ...aboutOf(one, person),
        at: now,
        kind: 'leaver.reminded',
        actor: 'daytwo',
        channel: 'daytwo',
        detail: { what: `reminded ${WORDS[stage] ?? ''}`, after: late.map(({ id }) => id) },
      },
    ]);
    // Later stages see what this one wrote.
    for (const item of late)
      open[open.indexOf(item)] = { ...item, reminded: (stage + 1) as LeaverItem['reminded'] };
  }
  return instants.find((at) => Date.parse(at) > Date.parse(now)) ?? null;
}

async function tell(
  world: World,
  one: LeaverCase,
  late: readonly LeaverItem[],
  rules: LeaverRules,
  stage: number,
): Promise<void> {
  if (!one.issue) return;
  const names = new Set(late.flatMap((item) => whomTo(item, rules, stage)));
  const { username: bot } = await world.gitlab.self();
  const ids = late.map(({ id }) => codeSpan(id)).join(', ');
  await postOnce(
    world,
    one.issue,
    { bot },
    `reminder:${stage + 1}:${late.map(({ id }) => id).join(',')}`.slice(0, 200),
    `${[...names].map((name) => `@${name}`).join(' ')}: still open after time zero ${one.timeZero}: ${ids}. Tick **Access Deprovisioned** once it is gone, or **Not Applicable** where there was none.`,
  );
}

/** First who does it, then the whole team, then who answers for the system. */
function whomTo(item: LeaverItem, rules: LeaverRules, stage: number): readonly string[] {
  const { people, systems, leaver } = rules;
  const system = systems.find(({ key }) => key === item.system);
  const team = people.teams[system?.owner ?? people.salesOpsTeam]?.members ?? [];
  const who =
    stage === 0
      ? settlersOf(item, rules)
      : stage === 1
        ? team
        : [...(system?.businessOwner ? [system.businessOwner] : people.provisioningDris)];
  return who.filter((name) => name !== leaver);
}
