import type { Command } from 'commander';
import type { Does } from './program-close';
import type { Spoken } from './surroundings';
import type { ReviewListOptions } from './territory-review';
import { verb } from './verb';

/** `daytwo territory review …`: what people ask about accounts. It is decided by `approve`, `reject`, `hold` and `cancel`. */
export function territoryReviewVerbs(territory: Command, does: Does): void {
  const review = territory
    .command('review')
    .summary('what people ask about accounts: other employees or address, another owner')
    .description(
      'Reviews of accounts. Decide with `daytwo approve account-review/<account id> --by <username>`.',
    );
  const load = () => require('./territory-review') as typeof import('./territory-review');
  verb(
    review,
    'list',
    'what is asked and not settled yet',
    'daytwo territory review list',
    'Ids only: names of accounts are on the issues.',
  )
    .option('--account <id>', 'all of one account, also what is over')
    .action((options: ReviewListOptions) => does((around) => load().territoryReviews(options, around)));
  verb(
    review,
    'show',
    'the last review of an account: what is asked, who said what, how it came out',
    'daytwo territory review show 001000000000001AAA',
    '<account>: the 18 characters of its id, or account-review/<id>.',
  )
    .argument('<account>')
    .action((account: string, options: Spoken) =>
      does((around) => load().territoryReview(account, options, around)),
    );
}
