import { suggestion } from '../../domain/spelling';
import type { Reading } from '../reading';

/** What leaving needs: people who are there. */
export function checkLeaving({ systems, policy, people }: Reading): void {
  systems?.serviceAccounts.forEach(({ system, owner, secretHolders }, index) => {
    const at = ['service_accounts', index];
    if (!systems.keys.includes(system))
      systems.file.problem(
        [...at, 'system'],
        'unknown system',
        suggestion(system, systems.keys, 'Name a system of this file.'),
        system,
      );
    if (!people) return;
    for (const [field, names] of [
      ['owner', [owner]],
      ['secret_holders', secretHolders],
    ] as const)
      for (const name of names)
        if (!people.usernames.includes(name))
          systems.file.problem(
            [...at, field],
            'nobody of that user name',
            suggestion(name, people.usernames, 'Name a member of people.yml.'),
            name,
          );
  });
  for (const { index, policy: version } of policy?.versions ?? []) {
    const at = ['versions', index, 'leaving'];
    const { runBy, list, late } = version.leaving;
    for (const [where, names] of [
      [['run_by'], runBy],
      [['list', 'by'], list.by],
    ] as const)
      for (const name of names)
        if (people && !people.usernames.includes(name))
          policy?.file.problem(
            [...at, ...where],
            'nobody of that user name',
            suggestion(name, people.usernames, 'Name a member of people.yml.'),
            name,
          );
    const approvers = new Set(list.by).size;
    if (approvers > 0 && approvers < list.approvals)
      policy?.file.problem(
        [...at, 'list', 'by'],
        `names ${approvers}, but ${list.approvals} must approve a list`,
        'Name more people, or ask for fewer approvals.',
      );
    if (late.team !== null && people && !Object.hasOwn(people.teams, late.team))
      policy?.file.problem(
        [...at, 'late', 'team'],
        'unknown team',
        suggestion(late.team, Object.keys(people.teams), 'Name a team of people.yml.'),
        late.team,
      );
  }
}
