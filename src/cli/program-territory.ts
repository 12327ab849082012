import type { Command } from 'commander';
import type { Does } from './program-close';
import type { TerritoryDiffOptions } from './territory-diff';
import type { TerritoryCheckOptions } from './territory-check';
import type { ExplainOptions } from './territory-explain';
import type { RouterOptions } from './territory-router';
import { territoryReviewVerbs } from './program-territory-reviews';
import { territoryRunVerbs } from './program-territory-runs';
import { verb } from './verb';

const ACCOUNTS_HELP = `--accounts: a kept night (2026-11-26, or latest), or a CSV file (- is standard input) with segment and country, and as far as they are known ultimate_parent_id, state, post_code,
industry, accounts (how many a line stands for), carr and pipeline. Exit code: 0 the tables can be used, 1 something is wrong with them.`;

/** Verbs of territory planning. */
export function territoryVerbs(program: Command, does: Does): void {
  const territory = program
    .command('territory')
    .summary('territories: their tables, where accounts belong and why')
    .description('Territory Success Planning.');
  verb(
    territory,
    'check',
    'everything that is wrong with the tables of territories, each with its line and how to mend it',
    'daytwo territory check --tables next-year --accounts accounts.csv',
    ACCOUNTS_HELP,
  )
    .option('--tables <dir>', 'a folder of tables (default: those of the handbook)')
    .option('--accounts <night|file>', 'accounts, to find places that no row matches')
    .option(
      '--org',
      'ask Salesforce, too: owners who left, and territories that differ there or at the router',
    )
    .option('--dir <dir>', 'the folder of the handbook (DAYTWO_CONFIG_DIR, else ./config)')
    .action((options: TerritoryCheckOptions) =>
      does((around) =>
        (require('./territory-check') as typeof import('./territory-check')).territoryCheck(options, around),
      ),
    );
  verb(
    territory,
    'diff',
    'two nights, or what two folders of tables make of the same accounts: by owner, territory and country, also as a page',
    'daytwo territory diff current next-year --out next-year.html',
    'Two kept nights (2026-11-25 latest), or two folders of tables, where current stands for those of the handbook. Nothing is changed.',
  )
    .argument('<a>', 'before')
    .argument('<b>', 'after')
    .option(
      '--accounts <night|file>',
      'of tables: accounts as `daytwo territory check` takes them (default: latest)',
    )
    .option('--out <file>', 'write the page there')
    .option('--dir <dir>', 'the folder of the handbook (DAYTWO_CONFIG_DIR, else ./config)')
    .action((a: string, b: string, options: TerritoryDiffOptions) =>
      does((around) =>
        (require('./territory-diff') as typeof import('./territory-diff')).territoryDiff(
          a,
          b,
          options,
          around,
        ),
      ),
    );
  verb(
    territory,
    'router',
    'the file for the router, once Salesforce and the tables agree; or note that it was uploaded',
    'daytwo territory router > leandata.csv',
    'A change is made in Salesforce, then in the table, then here: daytwo territory router --uploaded --by amber.',
  )
    .option('--uploaded', 'the router was given it (with --by)')
    .option('--by <username>', 'the GitLab user name of who uploaded it')
    .action((options: RouterOptions) =>
      does((around) =>
        (require('./territory-router') as typeof import('./territory-router')).territoryRouter(
          options,
          around,
        ),
      ),
    );
  verb(
    territory,
    'explain',
    'why an account is where it is, by any night that is kept: each field, its source, and what lost',
    'daytwo territory explain 0013t00001aAa01AAC --on 2026-11-01',
    'Asks no system. --json gives the reasons as data.',
  )
    .argument('<account>', 'its Salesforce id, 15 or 18 letters and digits')
    .option('--on <date>', 'by the last night up to this day (default: the last one)')
    .action((account: string, options: ExplainOptions) =>
      does((around) =>
        (require('./territory-explain') as typeof import('./territory-explain')).territoryExplain(
          account,
          options,
          around,
        ),
      ),
    );
  territoryRunVerbs(territory, does);
  territoryReviewVerbs(territory, does);
}
