import type { Command } from 'commander';
import type { CoursesOptions } from './courses';
import type { ImportOptions } from './people';
import type { Spoken, Surroundings } from './surroundings';
import { verb } from './verb';

type Does = (verb: (around: Surroundings) => Promise<number>) => Promise<void>;

const IMPORT_HELP = `<file>: JSON (one object or an array), JSON lines, or CSV with a header; - reads standard input. The fields are those of
an HR hire event. No workflow starts and nothing is granted: daytwo only knows them then, as active. What HR told of somebody
after the list was taken (--as-of) stays, and so does a joining, a leaving or an end that HR told. The same list once more
changes nothing. Nothing is taken in unless every record is good.`;

const COURSES_HELP = `<file>: CSV with a header (or JSON, JSON lines): email or employee_id, and date where it is known. Each person's open task that
waits for the course is ticked in the name of --by, who must be a provisioner of the system. A request for many people has
one box for all of them: it is ticked by hand when all have done the course.`;

/** Verbs about those who work here. */
export function peopleVerbs(program: Command, does: Does): void {
  const load = () => require('./people') as typeof import('./people');
  const people = program
    .command('people')
    .summary('those who work here: take in who came before daytwo, look one up')
    .description('Those who work here, as HR has told of them.');
  verb(
    people,
    'import',
    'take in a list of those who worked here before daytwo came',
    'daytwo people import workforce.csv --by amber --as-of 2026-11-20',
    IMPORT_HELP,
  )
    .argument('<file>', 'a file, or - for standard input')
    .requiredOption('--by <username>', 'the GitLab user name of who takes it in')
    .option(
      '--as-of <when>',
      'when the list was taken, a date or an instant (default: when the file was written)',
    )
    .option('--skip-bad', 'take the good records in, though others are bad (the exit code is 1 then)')
    .action((file: string, options: ImportOptions) =>
      does((around) => load().importPeople(file, options, around)),
    );
  verb(people, 'show', 'what is known of a person: neither name nor address', 'daytwo people show 104711')
    .argument('<person>', 'an e-mail address or an employee id')
    .action((person: string, options: Spoken) =>
      does((around) => load().showPerson(person, options, around)),
    );
  verb(
    program,
    'courses',
    'tick what waited for a course, for those whom a completion list names',
    'daytwo courses november.csv --course "Data-protection course" --by amber --plan',
    COURSES_HELP,
  )
    .argument('<file>', 'a file, or - for standard input')
    .requiredOption('--course <course>', 'its name, as systems.yml has it')
    .requiredOption('--by <username>', 'the GitLab user name of who decides')
    .option('--plan', 'say what would be ticked, and change nothing')
    .action((file: string, options: CoursesOptions) =>
      does((around) => (require('./courses') as typeof import('./courses')).courses(file, options, around)),
    );
}
