import { digestOf, type PersonRecord, type Store } from '../evidence';
import { isCalendarDate, type LeavingEvent } from '../domain/hr-event';
import { deliverHrEvent } from '../server/hr-delivery';
import { feed, type FeedOptions } from './feed';
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
}

const KINDS = ['voluntary', 'involuntary', 'suspension'] as const;

/**
 * `daytwo leave <file|->` feeds HR events; `daytwo leave <person>` says of one person that they leave, that it is now, that the call
 * has begun, or that it is taken back.
 */
export function leave(object: string, options: LeaveOptions, around: Surroundings): Promise<number> {
  const { lastDay, now, rescind, callStarted, successor } = options;
  const asked = [lastDay !== undefined, now, rescind, callStarted].filter(Boolean).length;
  if (asked === 0 && successor === undefined) return feed('leave', object, options, around);
  if (asked > 1 && !(now && lastDay !== undefined))
    throw new WrongUsage('Say one of --last-day, --now, --rescind and --call-started.');
  const { by } = options;
  if (by === undefined || !/^[\w.-]{1,255}$/.test(by))
    throw new WrongUsage('--by <username>: the GitLab user name of who says it.');
  if (now && !options.reason?.trim())
    throw new WrongUsage('--now needs its --reason: it is kept as evidence.');
  return withProcesses(around, async ({ engine, store: opened, settings }) => {
    const store = await opened();
    const person = await personOf(object, store, settings.gitlab.url);
    const { employeeId } = person;
    const at = around.now();
    if (rescind) {
      const event = {
        type: 'employee.rescinded' as const,
        event_id: `cli:rescind:${employeeId}:${at.toISOString()}`,
        employee_id: employeeId,
        what: 'leaving' as const,
      };
      await deliverHrEvent(store, event, (one) => engine.hrEvent(one), at);
    } else if (callStarted) {
      if (!(await engine.callStarted(employeeId, by)))
        throw new Refused(`No leaving of employee ${employeeId} is under way.`);
    } else {
      if (person.status === 'left')
        throw new Refused(`Employee ${employeeId} has left already: daytwo evidence leaver ${employeeId}.`);
      const known = now && lastDay === undefined && (await engine.isLeaving(employeeId));
      if ((lastDay !== undefined || now) && !known) {
        const event = eventOf(person, options, at);
        await deliverHrEvent(store, event, (one) => engine.hrEvent(one), at);
      }
      if (now) await engine.leaveNow(employeeId, by, options.reason?.trim() ?? '');
    }
    if (successor !== undefined) {
      const heir = await store.personByEmail(successor);
      if (heir?.status === 'left' || heir?.status === 'leaving')
        throw new Refused(`The successor, employee ${heir.employeeId}, leaves too: name somebody else.`);
      if (!(await engine.successorNamed(employeeId, by, successor)))
        throw new Refused(`No leaving of employee ${employeeId} is under way.`);
    }
    const process = `offboarding/${employeeId}`;
    if (options.json) around.out(jsonLine({ result: 'sent', employee_id: employeeId, process }));
    else around.out(`Sent. Follow it: daytwo show ${process} --watch`);
    return 0;
  });
}

function eventOf(person: PersonRecord, options: LeaveOptions, at: Date): LeavingEvent {
  const kind = KINDS.find((one) => one === (options.kind ?? (options.now ? 'involuntary' : 'voluntary')));
  if (!kind) throw new WrongUsage(`--kind ${options.kind ?? ''} is none of ${KINDS.join(', ')}.`);
  const dates = {
    last_working_day: dateOf(options.lastDay, '--last-day') ?? at.toISOString().slice(0, 10),
    garden_leave_start: dateOf(options.gardenLeave, '--garden-leave'),
    termination_date: dateOf(options.termination, '--termination'),
  };
  const content = { type: 'employee.leaving' as const, employee_id: person.employeeId, kind, ...dates };
  return { ...content, event_id: `cli:${digestOf({ ...content, at: options.now ? at.toISOString() : '' })}` };
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
  store: Pick<Store, 'personById' | 'personByEmail'>,
  gitlabUrl: string | null,
): Promise<PersonRecord> {
  const named = readObject(object, gitlabUrl);
  const person =
    named.kind === 'e-mail'
      ? await store.personByEmail(named.email)
      : named.kind === 'number'
        ? await store.personById(named.digits)
        : named.kind === 'employee'
          ? await store.personById(named.employeeId)
          : null;
  if (!person)
    throw new Refused(
      'HR has told of nobody with this employee id or e-mail address. A name is not enough: two people may have it.',
    );
  return person;
}
