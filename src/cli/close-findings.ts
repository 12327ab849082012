import { csvLine } from '../domain/escape';
import { countedByCheck, type Finding } from '../domain/close/findings';
import { decimal, dollars } from '../domain/close/cents';
import { periodNamed } from './close-calendar';
import { withProcesses } from './open';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { plural, spaced, table } from './words';

export interface FindingsOptions extends Spoken {
  readonly csv?: boolean;
  readonly all?: boolean;
  readonly check?: string;
  readonly list?: string;
}

/** `daytwo close findings <period>`: what the booking checks found at the last look, by check and one by one. */
export function closeFindings(
  asked: string,
  options: FindingsOptions,
  around: Surroundings,
): Promise<number> {
  return withProcesses(around, async ({ store }) => {
    const period = periodNamed(asked);
    const { closes } = await store();
    const kept = await closes.get(period);
    if (!kept) throw new Refused(`No close of ${period} was begun: daytwo close start ${period}.`);
    const findings = (await closes.findings(period)).filter(
      ({ state, check }) =>
        (options.all === true || state === 'open') &&
        (options.check === undefined || check === options.check),
    );
    if (options.json) for (const finding of findings) around.out(jsonLine(finding));
    else if (options.csv) for (const line of csvOf(findings)) around.out(line);
    else show(period, findings, kept.close.look?.at ?? null, around);
    return 0;
  });
}

const COLUMNS = [
  'finding',
  'check',
  'record',
  'kind',
  'state',
  'since',
  'mender',
  'region',
  'owner',
  'amount',
  'what',
  'mend',
];

function csvOf(findings: readonly Finding[]): readonly string[] {
  return [
    csvLine(COLUMNS),
    ...findings.map((one) =>
      csvLine([
        one.id,
        one.check,
        one.record,
        one.kind,
        one.state,
        one.since,
        one.mender,
        one.region ?? '',
        one.ownerId ?? '',
        one.amountCents === null ? '' : decimal(one.amountCents),
        one.what,
        one.mend,
      ]),
    ),
  ];
}

/** So many are shown one by one; all of them by --csv or --json. */
const SHOWN = 40;

function show(period: string, findings: readonly Finding[], at: string | null, around: Surroundings): void {
  const { bold, dim, green } = around.colours;
  if (at === null) return around.out(`${period} was not looked at yet.`);
  if (findings.length === 0) return around.out(green(`Nothing was found in ${period} (looked at ${at}).`));
  const rows = countedByCheck(findings).map(({ check, count }) => {
    const its = findings.filter((one) => one.check === check);
    const cents = its.reduce((sum, { amountCents }) => sum + (amountCents ?? 0), 0);
    return [check, `${count}`, dollars(cents), spaced(its[0]?.mender ?? '')];
  });
  around.out(bold(`${plural(findings.length, 'finding')} in ${period}`) + dim(`, looked at ${at}`));
  around.out('');
  for (const line of table(['Check', 'Findings', 'Amount', 'Mended by'], rows, bold)) around.out(line);
  around.out('');
  const lines = findings
    .slice(0, SHOWN)
    .map(({ id, since, what, mend }) => [
      id,
      since,
      `${/[.?!]$/.test(what) ? what : `${what}.`} ${mend}`.trimEnd(),
    ]);
  for (const line of table(['Finding', 'Since', 'What is wrong, and what mends it'], lines, bold))
    around.out(line);
  if (findings.length > SHOWN)
    around.out(dim(`… and ${findings.length - SHOWN} more: --csv or --json shows all.`));
  around.out('');
  around.out(
    dim(
      `Accept one, where policy names you: daytwo approve ${period} --task finding/<finding> --reason "…" --by <you>.`,
    ),
  );
}
