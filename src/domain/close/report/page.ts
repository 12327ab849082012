import { dollars, grouped } from '../cents';
import { periodTitle } from '../text';
import type { CloseCase } from '../close';
import { editInWords, type ChangeEdit, type ChangePhase, type PeriodChange } from '../change';
import { CHANGE_WORDS } from '../change-text';
import type { Finding } from '../findings';
import { PARTIES, PARTY_NAMES, type GreenLightPolicy } from '../green-light';
import type { CloseTask } from '../tasks';
import type { DayOfClose } from '../trend';
import type { VarianceKind } from '../reconcile';
import { whyHeld } from '../variances';
import { comparison } from './comparison';
import type { Figures } from './figures';
import { findingsOverTime, foundByCheck, mending, submissions } from './findings-charts';
import { Markup, markup, tableOf } from './markup';
import { changesSinceLock, type StoryLine } from './story';
import { STYLE } from './style';
import { waiting } from './waits-chart';

/** Variances of one kind, as the reconciliation of CRM and billing counts them. */
export interface VarianceCount {
  readonly kind: VarianceKind;
  readonly currency: string;
  readonly entity: string;
  readonly count: number;
  readonly cents: number;
}

/** All that is told of a period. */
export interface PeriodReport {
  readonly close: CloseCase;
  readonly tasks: readonly CloseTask[];
  readonly greenLight: Pick<GreenLightPolicy, 'by'>;
  readonly findings: readonly Finding[];
  readonly days: readonly DayOfClose[];
  readonly story: readonly StoryLine[];
  /** Those that were asked for after the lock. */
  readonly changes: readonly PeriodChange[];
  readonly figures: Figures;
  /** Of the periods before it, the oldest first. */
  readonly earlier: readonly Figures[];
  /** Null: people reconcile CRM and billing. */
  readonly variances: readonly VarianceCount[] | null;
  readonly madeAt: string;
  /** An instant as people read it where the business is: `2026-11-05 00:00`. */
  readonly clock: (instant: string) => string;
  /** IANA name of that zone. */
  readonly zone: string;
}

/** The report of a period as one page: no network, no script, all text from outside escaped. */
export function reportPage(report: PeriodReport): string {
  const { close, figures, madeAt, clock, zone } = report;
  const title = periodTitle(close.period);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${PHASES[close.phase]} By the policy in force since ${figures.policy.version}. <span class="soft">Written ${clock(madeAt)}; times are those of ${zone}.</span></p>
${tiles(report)}
</header>
<main>
${[
  findingsOverTime(report.days),
  foundByCheck(report.findings),
  mending(report.findings),
  submissions(report.days),
  waiting(report),
  variancesOf(report),
  lightsAndLock(report),
  changes(report),
  approved(report),
  comparison(figures, report.earlier),
  storyOf(report),
]}
</main>
</body>
</html>
`.text;
}

const PHASES: Readonly<Record<CloseCase['phase'], string>> = {
  open: 'Open: its cut-off is still to come.',
  closing: 'Not locked yet: tasks are signed and findings mended.',
  lit: 'Not locked yet: both parties gave the green light.',
  locked: 'Locked.',
  ended: 'Locked, and all its dates are over.',
};

function tiles({ figures, close, clock }: PeriodReport): Markup {
  const of: readonly (readonly [string, string])[] = [
    [figures.records === null ? '–' : figures.records.toLocaleString('en-US'), 'closed opportunities'],
    [figures.cents === null ? '–' : wholeDollars(figures.cents), 'in all, in whole dollars'],
    [`${figures.open} of ${figures.found}`, 'findings still open'],
    [figures.daysToMend === null ? '–' : `${figures.daysToMend}`, 'days to mend one, median'],
    close.lock
      ? [clock(close.lock.at).slice(0, 10), `locked, through ${close.lock.through}`]
      : ['not locked', `due on ${figures.lockDate ?? '–'}`],
  ];
  return markup`<ul class="tiles">${of.map(([value, words]) => markup`<li><b>${value}</b><span>${words}</span></li>`)}</ul>`;
}

const wholeDollars = (cents: number): string => dollars(Math.round(cents / 100) * 100).slice(0, -3);

function variancesOf({ variances, close }: PeriodReport): Markup {
  const held = whyHeld(close.reconciled);
  const title = markup`<h2 id="variances">Variances between CRM and billing</h2>`;
  const heading = held === null ? title : markup`${title}<p class="bad">${held}.</p>`;
  if (variances === null)
    return markup`${heading}<p>Reconciled by people: who signed the task stands under <a href="#waits">who waited on whom</a>.</p>`;
  if (variances.length === 0)
    return held === null ? markup`${heading}<p class="good">CRM and billing agree.</p>` : heading;
  return markup`${heading}${tableOf(
    'By kind, currency and entity',
    [
      { name: 'Kind' },
      { name: 'Currency' },
      { name: 'Entity' },
      { name: 'Variances', numbers: true },
      { name: 'Amount', numbers: true },
    ],
    variances.map(({ kind, currency, entity, count, cents }) => [
      kind.replaceAll('_', ' '),
      currency,
      entity,
      count,
      grouped(cents),
    ]),
  )}`;
}

function lightsAndLock({ close, clock }: PeriodReport): Markup {
  const { lock, snapshots, lights } = close;
  const lit = PARTIES.map((party) => {
    const light = lights[party];
    return light
      ? [
          PARTY_NAMES[party],
          light.by,
          clock(light.at),
          light.channel,
          markup`<span class="digest">${light.digest}</span>`,
        ]
      : [PARTY_NAMES[party], 'not given', '', '', ''];
  });
  const proof = lock?.proof
    ? markup`<p class="good">Proved: an edit of <code>${lock.proof.record}</code> was tried and refused (<code>${lock.proof.code}</code>).</p>`
    : markup`<p>${lock ? 'The period had no record to prove the lock by.' : 'It is not locked.'}</p>`;
  return markup`<h2 id="lock">Green lights, lock and digest</h2>
${tableOf('Each light carries the digest of the records that it was given over', [{ name: 'Party' }, { name: 'Given by' }, { name: 'At' }, { name: 'Over' }, { name: 'Digest (SHA-256)' }], lit)}
${lock ? markup`<p>Locked through ${lock.through} at ${clock(lock.at)}.</p>` : markup``}${proof}
${
  snapshots.length === 0
    ? markup``
    : tableOf(
        'What was kept of its records',
        [
          { name: 'Snapshot' },
          { name: 'At' },
          { name: 'Records', numbers: true },
          { name: 'Amount', numbers: true },
          { name: 'Digest (SHA-256)' },
        ],
        snapshots.map(({ name, at, records, totalCents, digest }) => [
          name.replaceAll('_', ' '),
          clock(at),
          records.toLocaleString('en-US'),
          dollars(totalCents),
          markup`<span class="digest">${digest}</span>`,
        ]),
      )
}`;
}

/** Rows that a page shows of what may be long; the evidence has all. */
const MOST_ROWS = 500;
const more = (count: number): Markup =>
  count > MOST_ROWS ? markup`<p class="soft">… and ${count - MOST_ROWS} more in the evidence.</p>` : markup``;

function changes({ close, story, clock }: PeriodReport): Markup {
  const heading = markup`<h2 id="changes">Changed since the lock</h2>`;
  if (!close.lock) return markup`${heading}<p>It is not locked yet.</p>`;
  const found = changesSinceLock(story);
  if (found.length === 0) return markup`${heading}<p class="good">Nothing was found changed.</p>`;
  return markup`${heading}${tableOf(
    'Found by the looks of each night, by whoever it was changed',
    [
      { name: 'Found' },
      { name: 'Record' },
      { name: 'What' },
      { name: 'Changed by (id)' },
      { name: 'At (UTC)' },
    ],
    found
      .slice(0, MOST_ROWS)
      .map(({ foundAt, record, became, by, at, fields }) => [
        clock(foundAt),
        record,
        fields.length > 0 ? `${became}: ${fields.join('; ')}` : became,
        by,
        at,
      ]),
  )}${more(found.length)}`;
}

function approved({ changes: asked, clock }: PeriodReport): Markup {
  const found = asked.filter(({ decided, phase }) => decided !== null && !TURNED_DOWN.includes(phase));
  const heading = markup`<h2 id="approved">Approved changes</h2>`;
  if (found.length === 0) return markup`${heading}<p>No change of it was approved.</p>`;
  return markup`${heading}<div class="wide">${tableOf(
    'Changes of the locked period, as they were approved',
    ['Change', 'What', 'Why', 'Asked by', 'At', 'Approved by', 'At', 'Came to'].map((name) => ({ name })),
    found
      .slice(0, MOST_ROWS)
      .map(({ n, edits, asked: { by, at, reason }, approvals, decided, phase }) => [
        n,
        editsText(edits),
        reason,
        by,
        clock(at),
        approvals?.map((word) => word.by).join(' and ') ?? decided?.by ?? '',
        decided ? clock(decided.at) : '',
        CHANGE_WORDS[phase],
      ]),
  )}</div>${more(found.length)}`;
}

const TURNED_DOWN: readonly ChangePhase[] = ['rejected', 'withdrawn'];
/** Of one change at most so many edits; its issue has all. */
const MOST_EDITS = 20;

const editsText = (edits: readonly ChangeEdit[]): string =>
  [
    ...edits
      .slice(0, MOST_EDITS)
      .map(editInWords)
      .map(({ record, field, from, to }) => `${record} ${field}: ${from || 'nothing'} → ${to || 'nothing'}`),
    ...(edits.length > MOST_EDITS ? [`… and ${edits.length - MOST_EDITS} more`] : []),
  ].join('; ');

function storyOf({ story, clock }: PeriodReport): Markup {
  return markup`<h2 id="story">What happened</h2>${tableOf(
    'The evidence of this close, the first thing first',
    [{ name: 'At' }, { name: 'Who' }, { name: 'What' }, { name: 'Why' }],
    story.slice(0, MOST_ROWS).map(({ at, who, what, why }) => [clock(at), who, what, why ?? '']),
  )}${more(story.length)}`;
}
