import { readFileSync } from 'node:fs';
import { live } from '../../scripts/lib/progress.cjs';
import { terminal } from '../domain/escape';
import type { Store } from '../evidence';
import { deliverHrEvent, type HrDelivery } from '../server/hr-delivery';
import type { Engine } from './engine';
import { readHandbook } from '../handbook';
import { readHrEvents, type HrEventsRead, type HrVerb, type LocatedEvent } from './hr-events';
import { beginList } from './leave-list';
import { withProcesses } from './open';
import type { RecordProblem } from './records';
import { bounded, jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { plural, table } from './words';

export interface FeedOptions extends Spoken {
  readonly skipBad?: boolean;
}

const AT_ONCE = 8;

/** `daytwo hire|leave|change <file|->`: the same events as the webhook takes, by hand. */
export async function feed(
  verb: HrVerb,
  file: string,
  options: FeedOptions,
  around: Surroundings,
): Promise<number> {
  const read = readHrEvents(await contentOf(file, around), verb);
  const bad = sayProblems(read, options, around);
  if (bad > 0 && !options.skipBad) {
    if (!options.json)
      around.err(
        `Nothing was sent. Mend ${bad === 1 ? 'it' : 'them'}, or say --skip-bad to send the others.`,
      );
    return 1;
  }
  const sent = await withProcesses(around, async ({ engine, store: open, settings }) => {
    const store = await open();
    if (verb === 'leave')
      await beginList(read.events, { store, handbook: readHandbook(settings.configDir) }, around);
    return send(read.events, verb, options, { engine, store }, around);
  });
  return sent && bad === 0 ? 0 : 1;
}

/** The bytes of a file, or of standard input for `-`. @throws WrongUsage where it can't be read */
export async function contentOf(file: string, around: Pick<Surroundings, 'stdin'>): Promise<Uint8Array> {
  if (file === '-') return around.stdin();
  try {
    return readFileSync(file);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const why =
      {
        ENOENT: "there is no such file; '-' reads standard input",
        EISDIR: 'it is a folder',
        EACCES: 'it may not be read',
      }[code] ?? code;
    throw new WrongUsage(`${file} can't be read: ${why}.`);
  }
}

/** Names all that is wrong, each with its place; answers how much that is. Notes don't count. */
export function sayProblems(
  { problems, notes }: Pick<HrEventsRead, 'problems' | 'notes'>,
  { json }: Spoken,
  around: Surroundings,
): number {
  for (const note of notes) around.err(terminal(note));
  if (json) for (const problem of problems) around.out(jsonLine({ result: 'bad', ...problem }));
  else for (const problem of problems) around.err(problemInWords(problem));
  if (!json && problems.length > 0) around.err('');
  return problems.length;
}

/** `line 3  start_date isn't a day of the calendar: "2026-02-30"` and, below, what to do. */
function problemInWords({ place, field, problem, value, mend }: RecordProblem): string {
  const what = [field, problem].filter((part) => part !== '').join(' ');
  return `${place}  ${terminal(what)}${value === undefined ? '' : `: "${terminal(value)}"`}\n    ${terminal(mend)}`;
}

interface Sent extends LocatedEvent {
  readonly result: HrDelivery | 'not sent';
}

/** Sends the events, one person's in their order. False where one was refused or Temporal went away. */
export async function send(
  events: readonly LocatedEvent[],
  verb: HrVerb,
  { json }: Spoken,
  to: { engine: Pick<Engine, 'hrEvent'>; store: Pick<Store, 'hrEventDigest' | 'rememberHrEvent'> },
  around: Surroundings,
): Promise<boolean> {
  const faults: unknown[] = [];
  let done = 0;
  const sending = live('Sending HR events', () => `${done} of ${events.length}`);
  const results = await bounded([...byPerson(events).values()], AT_ONCE, async (ofPerson) => {
    const sent: Sent[] = [];
    for (const located of ofPerson) sent.push({ ...located, result: await attempt(located) });
    return sent;
  }).finally(() => sending.clear());
  sayResults(results.flat(), verb, { json: json ?? false }, around);
  const [fault] = faults;
  if (fault instanceof Refused) {
    const missing = results.flat().filter(({ result }) => result === 'not sent').length;
    throw new Refused(
      `${plural(missing, 'event')} not sent. ${fault.message} Feed the same file again then: what was sent starts nothing twice.`,
    );
  }
  if (faults.length > 0) throw fault instanceof Error ? fault : new Error(String(fault));
  return results.flat().every(({ result }) => result !== 'conflict');

  /** After a first fault nothing more is tried: the next one would wait as long for the same answer. */
  async function attempt({ event }: LocatedEvent): Promise<Sent['result']> {
    if (faults.length > 0) return 'not sent';
    try {
      const result = await deliverHrEvent(to.store, event, (one) => to.engine.hrEvent(one), around.now());
      done += 1;
      return result;
    } catch (error) {
      faults.push(error);
      return 'not sent';
    }
  }
}

function byPerson(events: readonly LocatedEvent[]): Map<string, LocatedEvent[]> {
  const groups = new Map<string, LocatedEvent[]>();
  for (const located of events) {
    const group = groups.get(located.event.employee_id) ?? [];
    group.push(located);
    groups.set(located.event.employee_id, group);
  }
  return groups;
}

const IN_WORDS: Readonly<Record<Sent['result'], string>> = {
  sent: 'sent',
  repeated: 'sent before: nothing is started twice',
  conflict: 'refused: its event_id was used before for other content',
  'not sent': 'not sent',
};

function sayResults(
  sent: readonly Sent[],
  verb: HrVerb,
  { json }: { json: boolean },
  around: Surroundings,
): void {
  if (json) {
    for (const { place, event, result } of sent)
      around.out(
        jsonLine({
          result,
          place,
          type: event.type,
          employee_id: event.employee_id,
          event_id: event.event_id,
        }),
      );
    return;
  }
  if (sent.length === 0) return around.out('Nothing to send.');
  const rows = sent.map(({ place, event, result }) => [
    place,
    event.employee_id,
    event.type,
    IN_WORDS[result],
  ]);
  for (const line of table(['PLACE', 'EMPLOYEE', 'EVENT', 'RESULT'], rows, around.colours.bold))
    around.out(line);
  const [first] = sent;
  if (first && verb === 'hire' && first.result !== 'not sent')
    around.out(around.colours.dim(`\nFollow one: daytwo show ${first.event.employee_id} --watch`));
}
