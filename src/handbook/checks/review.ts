import type { Reading } from '../reading';
import { knownPerson } from './close';

/** Who decides on reviews of accounts: people who are there. */
export function checkReviews({ policy, people }: Reading): void {
  for (const { index, policy: version } of policy?.versions ?? []) {
    const { decidedBy, escalateTo, strategy, leadership } = version.territoryReview;
    const known = (path: readonly string[], names: readonly string[]): void =>
      names.forEach((name, entry) =>
        knownPerson(policy?.file, people, ['versions', index, 'territory_review', ...path, entry], name),
      );
    known(['decided_by'], decidedBy);
    known(['escalate_to'], escalateTo);
    known(['strategy', 'by'], strategy.by);
    known(['leadership'], leadership);
  }
}
