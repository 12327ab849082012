import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { DecisionKind } from '../domain/handbook';
import type { DecideOptions } from './decide';
import { explain } from './explain';
import type { FeedOptions } from './feed';
import type { HrVerb } from './hr-events';
import type { LeaversOptions } from './evidence-leavers';
import type { LeaveOptions } from './leave';
import type { ListOptions } from './list';
import type { PlanLeaverOptions } from './plan-leaver';
import { OBJECT_HELP } from './objects';
import type { PeersOptions } from './peers';
import type { PlanRequestOptions } from './plan-request';
import type { SeatsOptions } from './seats';
import type { ReclaimOptions } from './seats-reclaim';
import type { ReassignOptions } from './reassign';
import { closeVerbs } from './program-close';
import { peopleVerbs } from './program-people';
import { territoryVerbs } from './program-territory';
import type { ShowOptions } from './show';
import type { Spoken, Surroundings } from './surroundings';
import { verb } from './verb';

type Verb = (around: Surroundings) => Promise<number> | number;

/**
 * Runs the `daytwo` command. Code is loaded only for the verb that runs, so that `--help` is there at once.
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  let code = 0;
  const program = commandTree(async (verb) => {
    code = await verb(around);
  }, around);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it already
    return explain(error, args.includes('--json'), around);
  }
}

function commandTree(does: (verb: Verb) => Promise<void>, around: Surroundings): Command {
  const program = new Command('daytwo')
    .description('Sales Operations as durable workflows.')
    .usage('<verb> [object] [options]')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(--help says how)')
    .configureOutput({
      writeOut: (text) => around.out(text.trimEnd()),
      writeErr: (text) => around.err(text.trimEnd()),
    })
    .addHelpText('after', ENVIRONMENT_HELP);
  parts(program, does);
  const plan = feeding(program, does);
  looking(program, does);
  comparing(program, does);
  deciding(program, does);
  seats(program, does);
  reassigning(program, plan, does);
  peopleVerbs(program, does);
  closeVerbs(program, does);
  territoryVerbs(program, does);
  evidence(program, does);
  config(program, does);
  return program;
}

const ENVIRONMENT_HELP = `
Exit code: 0 done, 1 refused or failed, 2 wrong usage. Times are those of your zone (TZ). Each verb: daytwo <verb> --help.

Settings come from the environment (.env.example names them). Beside a sandbox (npm start), what is missing there is read
from .daytwo/sandbox.env and .daytwo/sandbox.json (DAYTWO_STATE_DIR, where that is set), unless NODE_ENV is production.`;

function parts(program: Command, does: (verb: Verb) => Promise<void>): void {
  program
    .command('up')
    .summary('bring up Temporal, the sandbox, the worker and the server, and play the main job')
    .argument('[options...]')
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action((args: string[]) =>
      does(() => (require('./run-part') as typeof import('./run-part')).runUp(args)),
    );
  const about = {
    worker: 'run workflows and activities until told to end (SIGTERM)',
    server: 'take webhooks in, until told to end (SIGTERM)',
    sandbox: 'stand in for GitLab, Salesforce, SCIM, the identity provider and a mailbox, on this machine',
  };
  for (const part of ['worker', 'server', 'sandbox'] as const) {
    verb(
      program,
      part,
      about[part],
      `daytwo ${part}`,
      'Its log is JSON lines, with --json or without.',
    ).action(() => does(() => (require('./run-part') as typeof import('./run-part')).runOnePart(part)));
  }
}

const FILE_HELP = `<file>: JSON (one object or an array), JSON lines, or CSV with a header; - reads standard input. The fields are those of the
HR event; type is implied, and without an event_id the content's digest is one, so that the same file fed twice starts
nothing twice. Nothing is sent unless every record is good.`;

const LEAVE_HELP = `${FILE_HELP}

Or one person, by employee id or e-mail (a name is not enough), with --last-day, --now, --call-started or --rescind.
--now is for danger: everything that can be frozen is frozen at once. A leaving that is taken back after time zero does not
give access back by itself: a request for it is filed.`;

function leaving(program: Command, does: (verb: Verb) => Promise<void>): void {
  verb(
    program,
    'leave',
    'somebody leaves: HR events from a file, or one person; also at once, or taken back',
    'daytwo leave 104711 --last-day 2026-12-31 --by pia-people',
    LEAVE_HELP,
  )
    .argument('<file|person>', 'a file, - for standard input, an employee id or an e-mail')
    .option('--skip-bad', 'send the good records, though others are bad (the exit code is 1 then)')
    .option('--last-day <date>', 'the last working day')
    .option('--kind <kind>', 'voluntary (the usual), involuntary or suspension')
    .option('--garden-leave <date>', 'when garden leave begins: access ends then')
    .option('--termination <date>', 'when the employment ends; access does not wait for it')
    .option('--successor <e-mail>', 'who takes over what no territory decides')
    .option('--now', 'time zero is now (with --reason)')
    .option('--call-started', 'the call with somebody who is dismissed has begun')
    .option(
      '--approve',
      'approve a long list of leavers as it stands in the file (with --by); nothing is sent',
    )
    .option('--rescind', 'HR took it back')
    .option('--reason <text>', 'why it is now')
    .option('--by <username>', 'the GitLab user name of who says it')
    .action((object: string, options: LeaveOptions) =>
      does((around) => (require('./leave') as typeof import('./leave')).leave(object, options, around)),
    );
}

/** @returns the verb `plan`, to which others add what they plan */
function feeding(program: Command, does: (verb: Verb) => Promise<void>): Command {
  const about: Readonly<Record<Exclude<HrVerb, 'leave'>, readonly [string, string]>> = {
    hire: ['somebody joins: HR events from a file', ''],
    change: [
      'what HR knows of somebody changed: HR events from a file',
      'Only what changed is named; in CSV an empty cell changes nothing. A hire that is taken back: type employee.rescinded,\nwhat hire. The same change meant once more, later: give it an event_id of its own.',
    ],
  };
  leaving(program, does);
  for (const name of ['hire', 'change'] as const) {
    const [summary, more] = about[name];
    verb(
      program,
      name,
      summary,
      `daytwo ${name} ${name === 'hire' ? 'november.csv' : '-'}`,
      more ? `${FILE_HELP}\n\n${more}` : FILE_HELP,
    )
      .argument('<file>', 'a file, or - for standard input')
      .option('--skip-bad', 'send the good records, though others are bad (the exit code is 1 then)')
      .action((file: string, options: FeedOptions) =>
        does((around) => (require('./feed') as typeof import('./feed')).feed(name, file, options, around)),
      );
  }
  const plan = program
    .command('plan')
    .summary('say what would happen, and change nothing')
    .description('Says what would happen, and changes nothing.');
  verb(
    plan,
    'hire',
    'day two, role templates, systems, and whether the request is born approved',
    'daytwo plan hire november.csv',
    FILE_HELP,
  )
    .argument('<file>', 'a file, or - for standard input')
    .option('--skip-bad', 'plan the good records, though others are bad')
    .action((file: string, options: FeedOptions) =>
      does((around) => (require('./plan') as typeof import('./plan')).planHire(file, options, around)),
    );
  verb(
    plan,
    'request',
    'what a filed request would grant and who would have to approve it; which lines can not be read',
    "daytwo plan request '#12'",
    'An issue as people name it, or a file (- for standard input) with the text of one, filed by --by.\nExit code 1 where a line can not be read.',
  )
    .argument('<issue|file>')
    .option('--by <username>', 'who files it; without, the author of the issue')
    .action((source: string, options: PlanRequestOptions) =>
      does((around) =>
        (require('./plan-request') as typeof import('./plan-request')).planRequest(source, options, around),
      ),
    );
  verb(
    plan,
    'change',
    'what another role would add, change and remove, against what the systems hold',
    'daytwo plan change moves.csv',
    FILE_HELP,
  )
    .argument('<file>', 'a file, or - for standard input')
    .option('--skip-bad', 'plan the good records, though others are bad')
    .action((file: string, options: FeedOptions) =>
      does((around) =>
        (require('./plan-change') as typeof import('./plan-change')).planChange(file, options, around),
      ),
    );
  verb(
    plan,
    'leaver',
    'what somebody holds, what would go to whom and when, and what people must do; of a list, one summary',
    'daytwo plan leaver 104711 --last-day 2026-12-31',
    'Asks every system, with the settings of the worker; changes nothing.',
  )
    .argument(
      '<person|file>',
      'an employee id or an e-mail; or a list as `daytwo leave` takes it, - for standard input',
    )
    .option('--last-day <date>', 'of one person: the last working day (default: as announced, else today)')
    .option('--each', 'of a list: each plan besides the summary')
    .option('--skip-bad', 'plan the good records, though others are bad')
    .action((object: string, options: PlanLeaverOptions) =>
      does((around) =>
        (require('./plan-leaver') as typeof import('./plan-leaver')).planLeaver(object, options, around),
      ),
    );
  return plan;
}

function looking(program: Command, does: (verb: Verb) => Promise<void>): void {
  verb(
    program,
    'list',
    'what runs: state, what each waits for and on whom, link',
    'daytwo list --state waiting_approval',
  )
    .option('--state <state>', 'only those in this state, such as action_needed')
    .option(
      '--kind <kind>',
      'only access-request, onboarding, role-change, offboarding, licence-reclaim, seat-pool or desk-watch',
    )
    .option('--employee <person>', 'only those of an employee id or e-mail')
    .option('--all', 'also what has ended')
    .option('--limit <number>', 'at most so many, the newest first', wholeNumber, 200)
    .action((options: ListOptions) =>
      does((around) => (require('./list') as typeof import('./list')).list(options, around)),
    );
  verb(
    program,
    'show',
    'one process: where it stands, what it waits for, each task',
    "daytwo show '#12' --watch",
    OBJECT_HELP,
  )
    .argument('<object>')
    .option('--watch', 'follow it live, until it ends or Ctrl-C')
    .option(
      '--csv',
      'of a request that people filed: everybody whom it names, and how each task stands for them',
    )
    .action((object: string, options: ShowOptions) =>
      does((around) =>
        options.csv
          ? (require('./show-csv') as typeof import('./show-csv')).showCsv(object, around)
          : (require('./show') as typeof import('./show')).show(object, options, around),
      ),
    );
}

function comparing(program: Command, does: (verb: Verb) => Promise<void>): void {
  verb(
    program,
    'peers',
    'what colleagues of a title and region have in each system: counts, no names',
    'daytwo peers --title "Account Executive" --region EMEA --system salesforce',
    'Read from the systems now, with the settings of the worker. For a request that says "same as a colleague".',
  )
    .requiredOption('--title <title>', 'as HR writes it; seniority does not matter')
    .requiredOption('--region <region>', 'Americas, EMEA or JAPAC')
    .option('--system <system>', 'only this one: its key, name or an alias')
    .action((options: PeersOptions) =>
      does((around) => (require('./peers') as typeof import('./peers')).peers(options, around)),
    );
}

function deciding(program: Command, does: (verb: Verb) => Promise<void>): void {
  const about: Readonly<Record<Exclude<DecisionKind, 'reassign'>, readonly [string, string]>> = {
    approve: ['approve an access request', '--by dana-manager'],
    reject: [
      'reject an access request, with the reason',
      '--by dana-manager --reason "no quota yet: ask for Listener"',
    ],
    claim: ['pick an access request up', '--by amber'],
    release: ['put an access request back on the board', '--by amber'],
    complete: ["mark a person's task as done", '--by amber --task chorus/person'],
    hold: ['put an access request on hold', '--by amber --reason "waits for the contract"'],
    resume: ['go on with an access request that is on hold', '--by amber'],
    cancel: [
      'end an access request or an onboarding, with the reason',
      '--by amber --reason "will not join" --remove',
    ],
  };
  for (const kind of Object.keys(about) as (keyof typeof about)[]) {
    const [summary, shown] = about[kind];
    const command = verb(
      program,
      kind,
      summary,
      `daytwo ${kind} '#12' ${shown}`,
      `${OBJECT_HELP}\nWho may decide is policy (config/policy.yml); a refusal says who.`,
    )
      .argument('<object>')
      .requiredOption('--by <username>', 'the GitLab user name of who decides')
      .option('--reason <text>', 'why')
      .option('--task <id>', "a task's id, as `daytwo show` lists them; for an approval: the system");
    if (kind === 'approve')
      command
        .option('--digest <digest>', 'approve only what has this digest, as `daytwo show` gives it')
        .option('--as <level>', 'approve a lower role or licence type than is asked for (with --task)')
        .option('--without <set...>', 'approve without these permission sets (with --task)');
    if (kind === 'cancel') command.option('--remove', 'take back what was granted');
    command.action((object: string, options: DecideOptions) =>
      does((around) =>
        (require('./decide') as typeof import('./decide')).decide(kind, object, options, around),
      ),
    );
  }
}

const RECLAIM_HELP = `Salesforce users without a sign-in for as long as policy says (seats.reclaim), never integrations. --plan reads Salesforce, with
the settings of a worker. Nobody loses a seat before the notice is over and somebody approved: daytwo approve reclaim/<quarter>,
or the label on its issue.`;

function seats(program: Command, does: (verb: Verb) => Promise<void>): void {
  const load = () => require('./seats') as typeof import('./seats');
  const parent = verb(
    program,
    'seats',
    'licence seats: total, used, reserved, free; who waits, since when and in which turn',
    'watch daytwo seats --pool Inbox',
  )
    .option('--pool <pool>', 'only this pool: salesforce/Inbox, or Inbox')
    .action((options: SeatsOptions) => does((around) => load().seats(options, around)));
  verb(
    parent,
    'check',
    'have a pool look at its system now: after seats were bought, or freed by hand',
    'daytwo seats check Inbox',
  )
    .argument('<pool>', 'salesforce/Inbox, or Inbox')
    .action((pool: string, _options: Spoken, command: Command) =>
      does((around) => load().checkSeats(pool, command.optsWithGlobals<Spoken>(), around)),
    );
  verb(
    parent,
    'reclaim',
    'licences that nobody uses: who would be listed, or begin to take them back now',
    'daytwo seats reclaim --plan',
    RECLAIM_HELP,
  )
    .option('--plan', 'say who would be listed, and change nothing')
    .option('--start', 'list and tell them, as the schedule does once a quarter')
    .option('--by <username>', 'the GitLab user name of who starts it (needed with --start)')
    .action((_options: ReclaimOptions, command: Command) =>
      does((around) =>
        (require('./seats-reclaim') as typeof import('./seats-reclaim')).seatsReclaim(
          command.optsWithGlobals<ReclaimOptions>(),
          around,
        ),
      ),
    );
}

const REASSIGN_HELP = `All that waits on <from>: requests that they hold, approvals and tasks. <to> is a user name, or a team of people.yml: then what
they hold goes back to the board, and an approval to the first of the team who may decide it. --from may be somebody who
is no longer in people.yml.`;

function reassigning(program: Command, plan: Command, does: (verb: Verb) => Promise<void>): void {
  const load = () => require('./reassign') as typeof import('./reassign');
  const summary = 'move all that waits on somebody to somebody else, or to a team';
  verb(
    program,
    'reassign',
    summary,
    'daytwo reassign --from sam-ops --to priya-ops --by amber',
    REASSIGN_HELP,
  )
    .requiredOption('--from <username>', 'on whom it waits')
    .requiredOption('--to <username|team>', 'whom it is to wait on')
    .option('--by <username>', 'the GitLab user name of who decides (needed without --plan)')
    .option('--reason <text>', 'why')
    .option('--plan', 'say what would be moved, and change nothing')
    .action((options: ReassignOptions) => does((around) => load().reassign(options, around)));
  verb(
    plan,
    'reassign',
    'what waits on somebody, and would be moved',
    'daytwo plan reassign --from sam-ops --to priya-ops',
    REASSIGN_HELP,
  )
    .requiredOption('--from <username>', 'on whom it waits')
    .requiredOption('--to <username|team>', 'whom it is to wait on')
    .action((options: ReassignOptions) =>
      does((around) => load().reassign({ ...options, plan: true }, around)),
    );
}

function evidence(program: Command, does: (verb: Verb) => Promise<void>): void {
  const load = () => require('./evidence') as typeof import('./evidence');
  const parent = program
    .command('evidence')
    .summary('who decided what, and when access really was there')
    .description('The append-only record: who decided what, and when access really was there.');
  verb(
    parent,
    'show',
    'the story of a person or a request',
    'daytwo evidence show 104711 --zone Europe/Berlin',
    OBJECT_HELP,
  )
    .argument('<object>')
    .option('--zone <zone>', 'the zone of the times, such as Europe/Berlin (default: yours)')
    .action((object: string, options: Spoken & { zone?: string }) =>
      does((around) => load().showEvidence(object, options, around)),
    );
  const leavers = () => require('./evidence-leavers') as typeof import('./evidence-leavers');
  verb(
    parent,
    'leaver',
    "of one leaver: HR's date, time zero, freeze, each system's end, by whom and in time",
    'daytwo evidence leaver 104711',
  )
    .argument('<person>', 'an employee id or an e-mail')
    .option('--csv', 'a line for each system')
    .action((person: string, options: Spoken & { csv?: boolean }) =>
      does((around) => leavers().evidenceLeaver(person, options, around)),
    );
  verb(
    parent,
    'leavers',
    'all leavers of a time, each system a line; or a sample of them',
    'daytwo evidence leavers --from 2026-10-01 --to 2026-12-31 --sample 25 --seed 7 --csv',
  )
    .requiredOption('--from <date>', 'time zero on this day (UTC) or later')
    .requiredOption('--to <date>', 'time zero on this day (UTC) or before')
    .option('--csv', 'as CSV')
    .option('--sample <number>', 'only so many leavers', wholeNumber)
    .option('--seed <number>', 'the same seed picks the same sample', wholeNumber, 1)
    .action((options: LeaversOptions) => does((around) => leavers().evidenceLeavers(options, around)));
  verb(
    parent,
    'verify',
    'whether every record stands as it was written; names the first that does not',
    'daytwo evidence verify --anchor 1200:9f86d0…',
  )
    .option('--anchor <anchor>', 'what an earlier verify printed, kept elsewhere')
    .action((options: Spoken & { anchor?: string }) =>
      does((around) => load().verifyEvidence(options, around)),
    );
  verb(
    parent,
    'export',
    'all records as JSON lines, oldest first',
    'daytwo evidence export --since 1200 > new.jsonl',
  )
    .option('--since <record>', 'only those after this record', wholeNumber, 0)
    .action((options: { since: number }) => does((around) => load().exportEvidence(options.since, around)));
}

function config(program: Command, does: (verb: Verb) => Promise<void>): void {
  const load = () => require('./config') as typeof import('./config');
  const parent = program
    .command('config')
    .summary('check the handbook, approve role templates, publish issue templates')
    .description('The handbook as data: check it, approve role templates, publish issue templates.');
  verb(parent, 'check', 'name every problem of the handbook, with file, line and mend', 'daytwo config check')
    .argument('[dir]', 'the folder (DAYTWO_CONFIG_DIR, else ./config)')
    .action((dir: string | undefined, options: Spoken) =>
      does((around) => load().checkConfig(dir, options, around)),
    );
  verb(
    parent,
    'approve',
    'approve a role template as it stands',
    'daytwo config approve roles/department_pubsec/role_account_executive.yml --by vera-vp',
  )
    .argument('<file>', 'the template, from the folder or from where you stand')
    .requiredOption('--by <username>', 'a template approver of people.yml')
    .option('--dir <dir>', 'the folder (DAYTWO_CONFIG_DIR, else ./config)')
    .action((file: string, options: Spoken & { by: string; dir?: string }) =>
      does((around) => load().approveConfig(file, options, around)),
    );
  verb(
    parent,
    'publish',
    'put the issue templates into the access-request project, after showing the difference',
    'daytwo config publish --yes',
    'Exit code 1 as long as the project differs: nothing is written without --yes, or a yes on a terminal.',
  )
    .option('--yes', 'write what differs, in one commit')
    .option('--dir <dir>', 'the folder (DAYTWO_CONFIG_DIR, else ./config)')
    .action((options: Spoken & { yes?: boolean; dir?: string }) =>
      does((around) => {
        const { publishConfig } = require('./publish') as typeof import('./publish');
        return publishConfig(options, around);
      }),
    );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
