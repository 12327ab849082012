import { suggestion } from '../../domain/spelling';
import type { Reading } from '../reading';

/** What leaving needs: territories told apart, and people who are there. */
export function checkLeaving({ territories, systems, policy, people }: Reading): void {
  if (territories?.file) {
    const seen = new Set<string>();
    territories.territories.forEach(({ name }, index) => {
      if (seen.has(name.toLowerCase()))
        territories.file?.problem(
          ['territories', index, 'name'],
          'the same territory twice',
          'Keep one of them.',
          name,
        );
      seen.add(name.toLowerCase());
    });
  }
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
    const at = ['versions', index, 'leaving', 'run_by'];
    for (const name of version.leaving.runBy)
      if (people && !people.usernames.includes(name))
        policy?.file.problem(
          at,
          'nobody of that user name',
          suggestion(name, people.usernames, 'Name a member of people.yml.'),
          name,
        );
  }
}
