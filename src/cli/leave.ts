import { digestOf, type PersonRecord, type Store } from '../evidence';
import { isCalendarDate, type HrEvent, type LeavingEvent } from '../domain/hr-event';
import { heirOf } from '../domain/heir';
import { deliverHrEvent } from '../server/hr-delivery';
import type { Engine } from './engine';
import { readHandbook } from '../handbook';
import { contentOf, feed, sayProblems, type FeedOptions } from './feed';
import { readHrEvents } from './hr-events';
import { approveList, listOf } from './leave-list';
import { readObject } from './objects';
import { withProcesses } from './open';
import { jsonLine, Refused, WrongUsage, type Surroundings } from './surroundings';

export interface LeaveOptions extends FeedOptions {
  readonly lastDay?: string;
  readonly kind?: string;
  readonly gardenLeave?: string;
  readonly termination?: string;
  readonly successor?: string;
  readonly by?: string;
  readonly now?: boolean;
  readonly reason?: string;
  readonly rescind?: boolean;
  readonly callStarted?: boolean;
  readonly approve?: boolean;
}

const KINDS = ['voluntary', 'involuntary', 'suspension'] as const;

/**
 * `daytwo leave <file|->` feeds HR events; `daytwo leave <person>` says of one person that they leave, that it is now, that the call
 * has begun, or that it is taken back.
 */
export function leave(object: string, options: LeaveOptions, around: Surroundings): Promise<number> {
  const { lastDay, now, rescind, callStarted, successor } = options;
  const asked = [lastDay !== undefined, now, rescind, callStarted].filter(Boolean).length;
  if (options.approve) return approve(object, options, around);
  if (asked === 0 && successor === undefined) return feed('leave', object, options, around);
  if (asked > 1 && !(now && lastDay !== undefined))
    throw new WrongUsage('Say one of --last-day, --now, --rescind and --call-started.');
  const by = whoSays(options);
  if (now && !options.reason?.trim())
    throw new WrongUsage('--now needs its --reason: it is kept as evidence.');
  return withProcesses(around, async ({ engine, store: opened, settings }) => {
    const store = await opened();
    const person = await personOf(object, store, settings.gitlab.url);
    await tellOf(person, { ...options, by }, { engine, store }, around);
    const process = `offboarding/${person.employeeId}`;
    if (options.json) around.out(jsonLine({ result: 'sent', employee_id: person.employeeId, process }));
    else around.out(`Sent. Follow it: daytwo show ${process} --watch`);
    return 0;
  });
}

function whoSays({ by }: LeaveOptions): string {
  if (by === undefined || !/^[\w.-]{1,255}$/.test(by))
    throw new WrongUsage('--by <username>: the GitLab user name of who says it.');
  return by;
}

/** `daytwo leave <file> --approve --by <username>`; a list with anything wrong in it can't be approved. */
async function approve(file: string, options: LeaveOptions, around: Surroundings): Promise<number> {
  const by = whoSays(options);
  const read = readHrEvents(await contentOf(file, around), 'leave');
  if (sayProblems(read, options, around) > 0) throw new Refused('Not approved: mend the list first.');
  return withProcesses(around, async ({ store, settings }) => {
    const world = { store: await store(), handbook: readHandbook(settings.configDir) };
    await approveList(listOf(read.events), by, world, options, around);
    return 0;
  });
}

type Leaving = Pick<Engine, 'hrEvent' | 'isLeaving' | 'leaveNow' | 'callStarted' | 'successorNamed'>;
type Known = Pick<Store, 'hrEventDigest' | 'rememberHrEvent' | 'peopleWithEmail'>;

/** Says it to the process that holds the leaving. @throws Refused where there is none, or the person is gone already */
export async function tellOf(
  person: PersonRecord,
  options: LeaveOptions & { readonly by: string },
  { engine, store }: { engine: Leaving; store: Known },
  around: Pick<Surroundings, 'now'>,
): Promise<void> {
  const { by, now, lastDay, successor } = options;
  const { employeeId } = person;
  const at = around.now();
  const underWay = await engine.isLeaving(employeeId);
  const nothing = new Refused(`No leaving of employee ${employeeId} is under way.`);
  const send = async (event: HrEvent): Promise<void> => {
    await deliverHrEvent(store, event, (one) => engine.hrEvent(one), at);
  };
  if (successor !== undefined) {
    const heir = heirOf(await store.peopleWithEmail(successor), employeeId);
    if ('why' in heir) throw new Refused(`--successor: ${heir.why}. Name somebody else who works here.`);
  }
  if (options.rescind) {
    if (!underWay) throw nothing;
    const id = `cli:${by}:rescind:${employeeId}:${at.toISOString()}`;
    return send({ type: 'employee.rescinded', event_id: id, employee_id: employeeId, what: 'leaving' });
  }
  if (options.callStarted) {
    if (!(await engine.callStarted(employeeId, by))) throw nothing;
    return;
  }
  if (person.status === 'left' && !underWay)
    throw new Refused(`Employee ${employeeId} has left already: daytwo evidence leaver ${employeeId}.`);
  if (lastDay !== undefined || (now && !underWay)) await send(eventOf(person, options, at));
  if (now && !(await engine.leaveNow(employeeId, by, options.reason?.trim() ?? ''))) throw nothing;
  if (successor !== undefined && !(await engine.successorNamed(employeeId, by, successor))) throw nothing;
}

function eventOf(
  person: PersonRecord,
  options: LeaveOptions & { readonly by: string },
  at: Date,
): LeavingEvent {
  const kind = KINDS.find((one) => one === (options.kind ?? (options.now ? 'involuntary' : 'voluntary')));
  if (!kind) throw new WrongUsage(`--kind ${options.kind ?? ''} is none of ${KINDS.join(', ')}.`);
  const dates = {
    last_working_day: dateOf(options.lastDay, '--last-day') ?? at.toISOString().slice(0, 10),
    garden_leave_start: dateOf(options.gardenLeave, '--garden-leave'),
    termination_date: dateOf(options.termination, '--termination'),
  };
  const content = { type: 'employee.leaving' as const, employee_id: person.employeeId, kind, ...dates };
  if (dates.last_working_day < at.toISOString().slice(0, 10) && !options.now)
    throw new WrongUsage(
      `--last-day ${dates.last_working_day} lies behind: with --now and its --reason it is at once.`,
    );
  // Said twice, it is meant twice: a day that was moved there and back again counts.
  return { ...content, event_id: `cli:${options.by}:${digestOf({ ...content, at: at.toISOString() })}` };
}

function dateOf(text: string | undefined, option: string): string | null {
  if (text === undefined) return null;
  if (!isCalendarDate(text))
    throw new WrongUsage(`${option} ${text} is no day of the calendar, such as 2026-11-27.`);
  return text;
}

/** The one person who is meant: never by a name. @throws Refused where HR told of nobody, or of two */
export async function personOf(
  object: string,
  store: Pick<Store, 'personById' | 'peopleWithEmail'>,
  gitlabUrl: string | null,
): Promise<PersonRecord> {
  if (/[^\s@]\s+[^\s@]/.test(object.trim())) throw new Refused(NOBODY);
  const named = readObject(object, gitlabUrl);
  const found =
    named.kind === 'e-mail'
      ? await store.peopleWithEmail(named.email)
      : [
          named.kind === 'number'
            ? await store.personById(named.digits)
            : named.kind === 'employee'
              ? await store.personById(named.employeeId)
              : null,
        ].filter((one) => one !== null);
  const [person] = found;
  if (found.length > 1)
    throw new Refused(
      `Several people have this address: employees ${found.map(({ employeeId }) => employeeId).join(', ')}. Say which one.`,
    );
  if (!person) throw new Refused(NOBODY);
  return person;
}

const NOBODY =
  'HR has told of nobody with this employee id or e-mail address. A name is not enough: two people may have it.';
