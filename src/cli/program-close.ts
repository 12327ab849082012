import type { Command } from 'commander';
import type { CalendarOptions } from './close-calendar';
import type { FindingsOptions } from './close-findings';
import type { ForecastOptions } from './close-forecast';
import type { OverdueOptions } from './close-overdue';
import type { ReportOptions } from './close-report';
import type { ReconcileOptions } from './close-reconcile';
import type { StartOptions } from './close-start';
import { afterLockVerbs } from './program-after-lock';
import type { Spoken, Surroundings } from './surroundings';
import { verb } from './verb';

export type Does = (verb: (around: Surroundings) => Promise<number> | number) => Promise<void>;

/** Verbs of the monthly close. */
export function closeVerbs(program: Command, does: Does): void {
  const close = program
    .command('close')
    .summary(
      'the monthly close: its calendar, how it stands, what its checks found, and changes after its lock',
    )
    .description('The monthly close.');
  verb(
    close,
    'calendar',
    'the dates of a close, each with the rule that it comes from; or as a calendar to subscribe to',
    'daytwo close calendar 2026-10 --ics > close.ics',
  )
    .argument('[period]', 'a month, 2026-10 (default: the one that today belongs to)')
    .option('--ics', 'as an iCalendar file')
    .option('--dir <dir>', 'the folder of the handbook (DAYTWO_CONFIG_DIR, else ./config)')
    .action((period: string | undefined, options: CalendarOptions) =>
      does((around) =>
        (require('./close-calendar') as typeof import('./close-calendar')).closeCalendar(
          period,
          options,
          around,
        ),
      ),
    );
  verb(
    close,
    'start',
    'begin the close of a month by hand, as the schedule does ten business days before its end',
    'daytwo close start 2026-10 --by amber',
    'A close that runs goes on. Then: daytwo show close/2026-10, daytwo complete close/2026-10 --task queue/prepared --by omar-orders.',
  )
    .argument('<period>', 'a month, 2026-10')
    .requiredOption('--by <username>', 'the GitLab user name of who begins it')
    .action((period: string, options: StartOptions) =>
      does((around) =>
        (require('./close-start') as typeof import('./close-start')).closeStart(period, options, around),
      ),
    );
  verb(
    close,
    'forecast',
    'how many bookings would fail today, by check, region and owner, with the amount and the trend',
    'daytwo close forecast 2026-10',
  )
    .argument('[period]', 'a month, 2026-10 (default: the one that today belongs to)')
    .option('--csv', 'all of it, for a sheet')
    .option('--names', 'owners by their addresses, which Salesforce is asked for')
    .action((period: string | undefined, options: ForecastOptions) =>
      does((around) =>
        (require('./close-forecast') as typeof import('./close-forecast')).closeForecast(
          period,
          options,
          around,
        ),
      ),
    );
  verb(
    close,
    'findings',
    'what the booking checks found at the last look, by check and one by one; or the deals that a task lists',
    'daytwo close findings 2026-10 --csv > findings.csv',
    'daytwo close findings 2026-10 --list large-deals: the deals that a task of the checklist lists, read from Salesforce now.',
  )
    .argument('<period>', 'a month, 2026-10')
    .option('--check <check>', 'only of this check')
    .option('--list <task>', 'instead, the deals that this task of the checklist lists')
    .option('--all', 'accepted and mended ones, too')
    .option('--csv', 'all of them, for a sheet')
    .action((period: string, options: FindingsOptions) =>
      does((around) =>
        options.list === undefined
          ? (require('./close-findings') as typeof import('./close-findings')).closeFindings(
              period,
              options,
              around,
            )
          : (require('./close-list') as typeof import('./close-list')).closeList(
              period,
              options.list,
              options,
              around,
            ),
      ),
    );
  verb(
    close,
    'report',
    'the period as one HTML page with charts, which opens without a network and prints well',
    'daytwo close report 2026-10 --out close-2026-10.html',
    'It can be written at any time, also while the period is open.',
  )
    .argument('<period>', 'a month, 2026-10')
    .option('--out <file>', 'write it there (default: standard output)')
    .action((period: string, options: ReportOptions) =>
      does((around) =>
        (require('./close-report') as typeof import('./close-report')).closeReport(period, options, around),
      ),
    );
  verb(
    close,
    'compare',
    'two periods side by side: policy, dates, findings by check, amounts, variances, days to mend',
    'daytwo close compare 2026-09 2026-10',
    'Each is counted by the policy that it keeps. With --json: the figures of each, one line a period.',
  )
    .argument('<period>', 'a month, 2026-09')
    .argument('<other>', 'another month, 2026-10')
    .action((period: string, other: string, options: Spoken) =>
      does((around) =>
        (require('./close-compare') as typeof import('./close-compare')).closeCompare(
          period,
          other,
          options,
          around,
        ),
      ),
    );
  verb(
    close,
    'reconcile',
    'the variances between CRM and billing at the last look; with --file, those that an export at hand would give',
    'daytwo close reconcile 2026-10 --file billing.csv',
    'Nothing is kept of --file. Explain one: daytwo approve 2026-10 --task variance/<variance> --reason "TIMING: …" --by amber.',
  )
    .argument('<period>', 'a month, 2026-10')
    .option('--file <file>', 'an export, as CSV or JSON')
    .option('--all', 'explained and settled ones, too')
    .option('--csv', 'all of them, for a sheet')
    .action((period: string, options: ReconcileOptions) =>
      does((around) =>
        (require('./close-reconcile') as typeof import('./close-reconcile')).closeReconcile(
          period,
          options,
          around,
        ),
      ),
    );
  verb(
    close,
    'overdue',
    'which open opportunities of months before get which close date on the 15th; changes nothing',
    'daytwo close overdue 2026-10 --csv > overdue.csv',
    'Then: daytwo approve 2026-10 --task overdue-move --by amber.',
  )
    .argument('<period>', 'a month, 2026-10')
    .option('--csv', 'all of them, for a sheet')
    .action((period: string, options: OverdueOptions) =>
      does((around) =>
        (require('./close-overdue') as typeof import('./close-overdue')).closeOverdue(
          period,
          options,
          around,
        ),
      ),
    );
  afterLockVerbs(close, does);
}
