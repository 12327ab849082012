import { terminal } from '../domain/escape';
import { isCalendarDate } from '../domain/hr-event';
import { lastDayOf, type LeaverCase } from '../domain/leaving';
import { withStore } from './evidence';
import { personOf } from './leave';
import { csvOf, linesOf, sampleOf, type LeaverLine } from './leavers-report';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { onClock, plural, table, zoneNote } from './words';

export interface LeaversOptions extends Spoken {
  readonly from: string;
  readonly to: string;
  readonly csv?: boolean;
  readonly sample?: number;
  readonly seed: number;
}

/** `daytwo evidence leaver <person>` */
export function evidenceLeaver(
  object: string,
  options: Spoken & { readonly csv?: boolean },
  around: Surroundings,
): Promise<number> {
  return withStore(around, async (store, { gitlabUrl }) => {
    const person = await personOf(object, store, gitlabUrl);
    const cases = await store.leavers.ofPerson(person.employeeId);
    if (cases.length === 0) throw new Refused(`No leaving of employee ${person.employeeId} is on record.`);
    const now = around.now().toISOString();
    for (const one of cases) {
      const lines = linesOf(one, await store.leavers.items(one.leaving), now);
      const records = await store.leavers.recordCounts(one.leaving);
      const story = (await store.story({ employeeId: person.employeeId })).filter(
        ({ kind }) =>
          kind.startsWith('leaver.') || kind.startsWith('leaving.') || kind === 'decision.refused',
      );
      if (options.json) around.out(jsonLine({ leaving: one, systems: lines, records, evidence: story }));
      else if (options.csv) for (const line of csvOf(lines)) around.out(line);
      else {
        for (const line of headOf(one, around)) around.out(line);
        say(lines, around);
        if (records.length > 0) {
          around.out('');
          const rows = records.map(({ object: name, what, state, count }) => [
            name,
            what,
            state.replace(/_/g, ' '),
            String(count),
          ]);
          for (const line of table(['RECORDS', 'WHAT', 'STATE', 'COUNT'], rows, around.colours.bold))
            around.out(line);
        }
        around.out('');
        const rows = story.map(({ at, actor, channel, detail }) => [
          onClock(at, around.zone),
          terminal(`${actor} (${channel})`),
          terminal(String(detail.what)),
          detail.proof ?? '',
        ]);
        for (const line of table(['WHEN', 'WHO', 'WHAT', 'PROOF'], rows, around.colours.bold))
          around.out(line);
        around.out(around.colours.dim(`\n${zoneNote(around.zone)}`));
      }
    }
    return 0;
  });
}

/** `daytwo evidence leavers --from --to`: whose time zero lies within, each system a line. */
export function evidenceLeavers(options: LeaversOptions, around: Surroundings): Promise<number> {
  for (const [option, text] of [
    ['--from', options.from],
    ['--to', options.to],
  ] as const)
    if (!isCalendarDate(text))
      throw new WrongUsage(`${option} ${text} is no day of the calendar, such as 2026-11-27.`);
  if (options.to < options.from) throw new WrongUsage('--to is before --from.');
  return withStore(around, async (store) => {
    const all = (
      await store.leavers.between(`${options.from}T00:00:00Z`, `${options.to}T23:59:59.999Z`)
    ).filter(({ phase }) => phase !== 'rescinded');
    const cases = options.sample === undefined ? all : sampleOf(all, options.sample, options.seed);
    const items = await store.leavers.itemsOf(cases.map(({ leaving }) => leaving));
    const now = around.now().toISOString();
    const lines = cases.flatMap((one) => linesOf(one, items.get(one.leaving) ?? [], now));
    if (options.csv) for (const line of csvOf(lines)) around.out(line);
    else if (options.json) for (const line of lines) around.out(jsonLine(line));
    else {
      say(lines, around, true);
      const late = lines.filter(({ within_deadline }) => within_deadline === false).length;
      around.out(
        around.colours.dim(
          `\n${plural(cases.length, 'leaver')} of ${all.length} with a time zero from ${options.from} to ${options.to} (UTC), ${plural(lines.length, 'line')}, ${late} late. Query: leaver by time_zero, leaver_item by leaving. ${zoneNote(around.zone)}`,
        ),
      );
    }
    return 0;
  });
}

function headOf(one: LeaverCase, { zone, colours }: Surroundings): readonly string[] {
  const seconds =
    one.frozenAt === null ? null : ((Date.parse(one.frozenAt) - Date.parse(one.timeZero)) / 1000).toFixed(1);
  return [
    `${colours.bold(`Employee ${terminal(one.employeeId)}`)}: ${one.event.kind}, ${one.phase}`,
    `  HR's day   ${lastDayOf(one.event)}`,
    `  time zero  ${onClock(one.timeZero, zone)}`,
    `  frozen     ${one.frozenAt ? `${onClock(one.frozenAt, zone)}, ${seconds} s after time zero` : 'not yet'}`,
    ...(one.takenAt ? [`  taken      ${onClock(one.takenAt, zone)}`] : []),
    ...(one.issue ? [`  issue      ${terminal(one.issue.url)}`] : []),
    '',
  ];
}

function say(lines: readonly LeaverLine[], around: Surroundings, withPerson = false): void {
  const { colours, zone } = around;
  const rows = lines.map((line) => [
    ...(withPerson
      ? [
          line.employee_id,
          onClock(line.time_zero, zone),
          line.frozen_after_s === null ? '' : `${line.frozen_after_s} s`,
        ]
      : []),
    line.system,
    line.status.replace(/_/g, ' '),
    line.settled_at ? onClock(line.settled_at, zone) : '',
    line.within_deadline === null
      ? `due ${onClock(line.due_at, zone)}`
      : line.within_deadline
        ? 'in time'
        : 'late',
    line.how ? `${line.how} by ${line.by ?? ''}` : '',
    line.unasked > 0
      ? `${line.found} found, ${line.unasked} never asked for`
      : line.found > 0
        ? `${line.found} found`
        : '',
  ]);
  const head = ['SYSTEM', 'STATUS', 'SETTLED', 'DEADLINE', 'PROOF', 'FOUND'];
  for (const line of table(
    withPerson ? ['EMPLOYEE', 'TIME ZERO', 'FROZEN', ...head] : head,
    rows.map((row) => row.map(terminal)),
    colours.bold,
  ))
    around.out(line);
}
