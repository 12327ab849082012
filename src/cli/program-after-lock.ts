import { Option, type Command } from 'commander';
import type { ChangeOptions } from './close-change';
import type { DriftOptions } from './close-drift';
import type { Does } from './program-close';
import type { ShowOptions } from './show';
import type { Spoken } from './surroundings';
import { verb } from './verb';

/** Verbs of a close about its lock, and what comes after it. */
export function afterLockVerbs(close: Command, does: Does): void {
  verb(close, 'show', 'where a close stands, and what it waits for', 'daytwo close show 2026-10 --watch')
    .argument('<period>', 'a month, 2026-10')
    .option('--watch', 'follow it until it ends')
    .action((period: string, options: ShowOptions) =>
      does((around) =>
        (require('./close-show') as typeof import('./close-show')).closeShow(period, options, around),
      ),
    );
  verb(
    close,
    'lock',
    'what keeps a month from being locked now, one by one; locks nothing itself',
    'daytwo close lock 2026-10',
    'Ends with 1 while something is missing. A month is locked by its close, on its day, never without both green lights.',
  )
    .argument('<period>', 'a month, 2026-10')
    .action((period: string, options: Spoken) =>
      does((around) =>
        (require('./close-lock') as typeof import('./close-lock')).closeLock(period, options, around),
      ),
    );
  verb(
    close,
    'change',
    'ask for a change of records of a locked month',
    'daytwo close change 2026-10 --record 006… --set Amount=900.00 --reason "typed wrong" --by sam-ops',
    'Whoever policy names approves it on its issue; then daytwo makes exactly that. Which fields may be changed says close.change.fields of the policy.',
  )
    .argument('<period>', 'a month, 2026-10')
    .option('--record <id>', 'the opportunity, by its id')
    .addOption(
      new Option('--set <field=value>', 'what a field is to say; may be given several times').argParser(
        (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
      ),
    )
    .option(
      '--file <file>',
      'many of them: record,field,value as CSV, JSON or JSON lines (- for standard input)',
    )
    .option('--reason <text>', 'why')
    .option('--by <username>', 'the GitLab user name of who asks')
    .option('--dry-run', 'say from what to what, and ask for nothing')
    .action((period: string, options: ChangeOptions) =>
      does((around) =>
        (require('./close-change') as typeof import('./close-change')).closeChange(period, options, around),
      ),
    );
  verb(
    close,
    'drift',
    'where a locked month is not what was locked, or approved since; with who changed it',
    'daytwo close drift 2026-10 --csv > drift.csv',
    'Reads Salesforce now. Ends with 1 where there is any.',
  )
    .argument('<period>', 'a month, 2026-10')
    .option('--csv', 'for a sheet')
    .action((period: string, options: DriftOptions) =>
      does((around) =>
        (require('./close-drift') as typeof import('./close-drift')).closeDrift(period, options, around),
      ),
    );
}
