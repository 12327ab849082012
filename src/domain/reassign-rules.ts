import type { Deed, Fact, RequestState } from './access-request';
import type { Act } from './desk-acts';
import { waitingParts } from './filed-request';
import type { People } from './handbook';

type Reassign = Extract<Act, { kind: 'reassign' }>;
export type Moved =
  { readonly facts: readonly Fact[] } | { readonly why: string; readonly who: readonly string[] };

/** `team:sales-ops` names a team of people.yml. */
const TEAM = 'team:';

/**
 * Moves what waits on somebody: a claim to somebody else, or back to the board where a team is named; an approval to somebody who
 * may give it, of a team to the first who may. Nothing is given to whom policy doesn't name, and nothing is moved unless all
 * of it can be: what is left behind would go on waiting on whoever is gone.
 *
 * @param mayClaim why somebody may not pick this request up; undefined where they may
 */
export function reassign(
  state: RequestState,
  act: Reassign,
  people: Pick<People, 'teams'>,
  mayClaim: (username: string) => Extract<Moved, { why: string }> | undefined,
): Moved {
  const { from, to } = act;
  if (from === '' || to === '') return refuse('it must be said from whom, and to whom');
  const deed: Deed = { by: act.by, channel: act.channel, at: act.at };
  const facts: Fact[] = [];
  const problems: Extract<Moved, { why: string }>[] = [];
  if (state.claim?.by === from) {
    const problem = to.startsWith(TEAM) ? undefined : mayClaim(to);
    if (problem) problems.push(problem);
    else if (to.startsWith(TEAM)) facts.push({ kind: 'released', reason: act.reason, ...deed });
    else facts.push({ kind: 'claimed', ...deed, by: to, from: act.by });
  }
  for (const part of waitingParts(state).filter(({ who: [first] }) => first === from)) {
    const wanted = to.startsWith(TEAM) ? (people.teams[to.slice(TEAM.length)]?.members ?? []) : [to];
    const next = wanted.find((name) => name !== from && part.who.includes(name));
    if (next === undefined) problems.push(refuse(`${to} may not approve ${part.system}`, part.who));
    else
      facts.push({
        kind: 'part_moved',
        part: part.key,
        at: act.at,
        who: [next, ...part.who.filter((name) => name !== next)],
        authorities: part.authorities,
        handed: { to: next, by: act.by, channel: act.channel },
      });
  }
  if (problems.length > 0) return refuse(problems.map(({ why }) => why).join('; '), whoOf(problems));
  return facts.length > 0 ? { facts } : refuse(`nothing here waits on ${from}`);
}

/** Those who may: of one problem; of several there is nobody for all of them. */
const whoOf = ([first, ...more]: readonly { readonly who: readonly string[] }[]): readonly string[] =>
  more.length === 0 ? (first?.who ?? []) : [];

const refuse = (why: string, who: readonly string[] = []): Extract<Moved, { why: string }> => ({ why, who });
