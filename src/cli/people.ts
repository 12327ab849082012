import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { live } from '../../scripts/lib/progress.cjs';
import { factsOf } from '../activities/world';
import { terminal } from '../domain/escape';
import { malformed } from '../domain/request-desk';
import type { ImportOutcome } from '../domain/workforce';
import { openStore, type PersonRecord, type Store } from '../evidence';
import { readSettings } from '../settings';
import { contentOf, sayProblems } from './feed';
import { readHrEvents } from './hr-events';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { onClock, plural, zoneNote } from './words';
import { judgedList } from './workforce-list';

export interface ImportOptions extends Spoken {
  readonly by: string;
  readonly asOf?: string;
  readonly skipBad?: boolean;
}

/** `daytwo people import <file|->`: those who worked here before daytwo came. Nothing starts, nothing is granted. */
export async function importPeople(
  file: string,
  options: ImportOptions,
  around: Surroundings,
): Promise<number> {
  const by = options.by.replace(/^@/, '');
  if (malformed({ by }) !== null) throw new WrongUsage('--by must be a GitLab user name.');
  const asOf = asOfDay(options.asOf, file, around.now());
  const content = await contentOf(file, around);
  return withStore(around, (store) =>
    importInto(store, content, { by, asOf, ...pickSpoken(options) }, around),
  );
}

const pickSpoken = ({ json, skipBad }: ImportOptions) => ({ json: json ?? false, skipBad: skipBad ?? false });

interface Import {
  readonly by: string;
  /** When the list was taken, an instant. */
  readonly asOf: string;
  readonly json: boolean;
  readonly skipBad: boolean;
}

/** @returns 0 where every record is good, else 1 */
export async function importInto(
  store: Pick<Store, 'peopleByEmail' | 'importPeople' | 'append'>,
  content: Uint8Array,
  { by, asOf, json, skipBad }: Import,
  around: Surroundings,
): Promise<number> {
  const read = await judgedList(store, readHrEvents(content, 'people import'), asOf);
  const bad = sayProblems(read, { json }, around);
  if (bad > 0 && !skipBad) {
    if (!json)
      around.err(
        `Nothing was taken in. Mend ${bad === 1 ? 'it' : 'them'}, or say --skip-bad for the others.`,
      );
    return 1;
  }
  const outcomes = await takeIn(store, read.people);
  const counts = countsOf(outcomes);
  if (counts.added + counts.changed > 0)
    await store.append([
      importEvidence(counts, createHash('sha256').update(content).digest('hex'), by, asOf, around),
    ]);
  if (json) around.out(jsonLine({ result: 'imported', as_of: asOf, bad, ...counts }));
  else around.out(inWords(counts, bad));
  return bad === 0 ? 0 : 1;
}

type Counts = Readonly<Record<ImportOutcome, number>>;

function countsOf(outcomes: readonly ImportOutcome[]): Counts {
  const counts = { added: 0, changed: 0, same: 0, newer: 0, moving: 0 };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

function inWords({ added, changed, same, newer, moving }: Counts, bad: number): string {
  const kept = [
    same > 0 ? `${plural(same, 'person', 'people')} known already with the same facts` : '',
    newer > 0 ? `${plural(newer, 'person', 'people')} of whom HR told something newer: left as they are` : '',
    moving > 0
      ? `${plural(moving, 'person', 'people')} who join, leave or left by HR's events: left as they are`
      : '',
    bad > 0 ? `${plural(bad, 'problem')} skipped` : '',
  ].filter((part) => part !== '');
  return [
    `${plural(added, 'person', 'people')} added, ${changed.toLocaleString('en')} changed.`,
    ...kept.map((part) => `  ${part}`),
  ].join('\n');
}

async function takeIn(
  store: Pick<Store, 'importPeople'>,
  people: readonly PersonRecord[],
): Promise<readonly ImportOutcome[]> {
  let done = 0;
  const line = live('Taking people in', () => `${done} of ${people.length}`);
  try {
    return await store.importPeople(people, (so) => (done = so));
  } finally {
    line.clear();
  }
}

/** One row a file: who, how many, which file. After a broken import the same file tells of what was left. */
const importEvidence = (counts: Counts, digest: string, by: string, asOf: string, around: Surroundings) => ({
  id: `people-import/${digest}/${around.now().toISOString()}`,
  at: around.now().toISOString(),
  zone: 'UTC',
  subject: null,
  request: null,
  workflowId: null,
  kind: 'people.imported',
  actor: by,
  channel: 'cli' as const,
  detail: { what: 'took in a list of those who work here', file: digest, asOf, ...counts },
});

/** When the list was taken: as said, else when the file was written last, else now. @throws WrongUsage */
export function asOfDay(said: string | undefined, file: string, now: Date): string {
  if (said === undefined) {
    const written = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })?.mtime;
    return (written && written < now ? written : now).toISOString();
  }
  const time = Date.parse(said);
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(said) || Number.isNaN(time))
    throw new WrongUsage(
      `--as-of ${said} is neither a date nor an instant, such as 2026-11-20 or 2026-11-20T08:00:00Z.`,
    );
  if (time > now.getTime()) throw new WrongUsage(`--as-of ${said} is yet to come.`);
  return new Date(time).toISOString();
}

/** `daytwo people show <e-mail|employee id>` */
export function showPerson(object: string, options: Spoken, around: Surroundings): Promise<number> {
  return withStore(around, (store) => showFrom(store, object, options, around));
}

/** What is known of a person, without what the reader needn't see: neither name nor addresses. */
export async function showFrom(
  store: Pick<Store, 'personById' | 'personByEmail'>,
  object: string,
  { json }: Spoken,
  around: Surroundings,
): Promise<number> {
  const person = object.includes('@') ? await store.personByEmail(object) : await store.personById(object);
  if (!person)
    throw new Refused(
      object.includes('@')
        ? 'Nobody with this e-mail address is known. `daytwo people import` takes in those who worked here before.'
        : `Nobody with the employee id ${terminal(object)} is known. \`daytwo people import\` takes in those who worked here before.`,
    );
  const manager = person.managerEmail === null ? null : await store.personByEmail(person.managerEmail);
  const { email: _, name: __, manager_email, ...facts } = factsOf(person);
  const managerIs = manager?.employeeId ?? (manager_email === null ? null : 'not known');
  const shown = { ...facts, status: person.status, manager: managerIs, as_of: person.updatedAt };
  if (json) around.out(jsonLine(shown));
  else {
    const lines: readonly (readonly [string, string])[] = [
      ['Employee', `${shown.employee_id}, ${shown.status}`],
      ['Role', [shown.title, shown.specialty].filter((part) => part !== null).join(', ')],
      ['Department', `${shown.department}, ${shown.division}`],
      ['Place', `${shown.region}, ${shown.country}, ${shown.entity}, ${shown.time_zone}`],
      [
        'Manager',
        shown.manager === null
          ? 'none'
          : shown.manager === 'not known'
            ? 'somebody who is not known here'
            : `employee ${shown.manager}`,
      ],
      ['Started', shown.start_date],
      ['As of', onClock(shown.as_of, around.zone)],
    ];
    for (const [label, value] of lines) around.out(`${label.padEnd(10)}  ${terminal(value)}`);
    around.out(around.colours.dim(zoneNote(around.zone)));
  }
  return 0;
}

async function withStore(around: Surroundings, work: (store: Store) => Promise<number>): Promise<number> {
  const store = await openStore(readSettings(around.env, 'cli'));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
