import type { Command } from 'commander';
import type { Does } from './program-close';
import type { RunOptions } from './territory-apply';
import type { PlanOptions } from './territory-plan';
import type { WhatIfOptions } from './territory-what-if';
import type { Spoken } from './surroundings';
import { verb } from './verb';

/** Verbs of the runs of territory planning. */
export function territoryRunVerbs(territory: Command, does: Does): void {
  verb(
    territory,
    'plan',
    'what a run would write now, by field, reason and territory; changes nothing',
    'daytwo territory plan',
    'Then: daytwo territory apply --by amber.',
  )
    .option('--csv', 'every account that would change, for a sheet')
    .option('--tables <dir>', 'what if: by these tables beside those of the handbook, per owner')
    .option('--out <file>', 'of what if: write the page there')
    .action((options: PlanOptions & WhatIfOptions & { readonly tables?: string }) =>
      does((around) =>
        options.tables === undefined
          ? (require('./territory-plan') as typeof import('./territory-plan')).territoryPlan(options, around)
          : (require('./territory-what-if') as typeof import('./territory-what-if')).territoryWhatIf(
              options.tables,
              options,
              around,
            ),
      ),
    );
  verb(
    territory,
    'apply',
    'begin a run by hand, as the schedule does every night; above the threshold it waits for approval',
    'daytwo territory apply --by amber',
  )
    .requiredOption('--by <username>', 'the GitLab user name of who begins it')
    .action((options: RunOptions) =>
      does((around) =>
        (require('./territory-apply') as typeof import('./territory-apply')).territoryApply(options, around),
      ),
    );
  verb(
    territory,
    'show',
    'the runs, or one of them: what it wrote, left, transferred and found wrong',
    'daytwo territory show 2026-11-26',
  )
    .argument('[run]', 'a run, 2026-11-26 (default: the last ones)')
    .action((run: string | undefined, options: Spoken) =>
      does((around) =>
        (require('./territory-show') as typeof import('./territory-show')).territoryShow(
          run,
          options,
          around,
        ),
      ),
    );
  verb(
    territory,
    'rollback',
    'put back what a run wrote and nobody changed since, once somebody approved it',
    'daytwo territory rollback 2026-11-26 --by amber',
    'Its plan is on an issue; it is approved there, never by who asked.',
  )
    .argument('<run>', 'a run, 2026-11-26')
    .requiredOption('--by <username>', 'the GitLab user name of who asks for it')
    .action((run: string, options: RunOptions) =>
      does((around) =>
        (require('./territory-apply') as typeof import('./territory-apply')).territoryRollback(
          run,
          options,
          around,
        ),
      ),
    );
}
