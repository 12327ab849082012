import { suggestion } from '../../domain/spelling';
import type { TerritoryRules } from '../../domain/territory/rules';
import type { Path } from '../config-file';
import type { Reading } from '../reading';

type Told = (path: Path, problem: string, mend: string, value?: string) => void;

/** What hangs together in the rules of territory planning, and with the fields and people that they name. */
export function checkTerritory({ territory, people }: Reading): void {
  if (!territory?.rules) return;
  const { rules, fields } = territory;
  let before = '';
  for (const { index, rules: version } of rules.versions) {
    const told: Told = (path, ...what) => rules.file.problem(['versions', index, ...path], ...what);
    if (version.effectiveFrom <= before)
      told(
        ['effective_from'],
        'not later than the version before',
        'Put versions in order, each with its own day.',
        version.effectiveFrom,
      );
    before = version.effectiveFrom;
    checkSegments(version, told);
    checkWindows(version, told);
    if (fields) checkSources(version, fields.fields.sources, told);
    version.threshold.approvedBy.forEach((name, entry) => {
      if (people && !people.usernames.includes(name))
        told(
          ['threshold', 'approved_by', entry],
          'nobody of that user name',
          suggestion(name, people.usernames, 'Name a member of people.yml.'),
          name,
        );
    });
  }
}

/** Every number of employees has one segment: no gap, no overlap, no end. */
function checkSegments({ segments, unknown, mostEmployees }: TerritoryRules, told: Told): void {
  let next: number | null = 0;
  segments.forEach(({ name, from, to }, index) => {
    const path = ['segments', index];
    if (from !== next)
      told(
        [...path, 'from'],
        next === null ? 'comes after a segment without end' : `does not begin where the one before ends`,
        next === null ? 'Only the last has no end.' : `Write ${next}.`,
        String(from),
      );
    if (to !== null && to < from)
      told([...path, 'to'], 'ends before it begins', `Write ${from} or more.`, String(to));
    if (segments.findIndex((other) => other.name === name) !== index)
      told([...path, 'name'], 'the same segment twice', 'Keep one of them.', name);
    next = to === null ? null : to + 1;
  });
  const last = segments.at(-1);
  if (last && last.to !== null)
    told(['segments', segments.length - 1, 'to'], 'the last segment ends', 'Write null.', String(last.to));
  if (last && last.from > mostEmployees)
    told(
      ['most_employees'],
      'the last segment begins above it',
      `Write ${last.from} or more.`,
      String(mostEmployees),
    );
  const names = segments.map(({ name }) => name);
  if (!names.includes(unknown.segment))
    told(
      ['unknown', 'segment'],
      'not a segment',
      suggestion(unknown.segment, names, 'Name one of segments.'),
      unknown.segment,
    );
}

function checkWindows({ windows, opportunities }: TerritoryRules, told: Told): void {
  windows.forEach(({ quarter }, index) => {
    if (windows.findIndex((other) => other.quarter === quarter) !== index)
      told(['windows', index, 'quarter'], 'two windows of one quarter', 'Keep one of them.', String(quarter));
  });
  if (opportunities.windowUpTo < opportunities.immediateUpTo)
    told(
      ['opportunities', 'window_up_to'],
      'fewer stages move at a window than at once',
      `Write ${opportunities.immediateUpTo} or more.`,
      String(opportunities.windowUpTo),
    );
}

function checkSources(
  { precedence, manualSource }: TerritoryRules,
  sources: NonNullable<NonNullable<Reading['territory']>['fields']>['fields']['sources'],
  told: Told,
): void {
  for (const kind of ['employees', 'address'] as const)
    precedence[kind].forEach((name, index) => {
      const path = ['precedence', kind, index];
      const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
      if (!source)
        told(
          path,
          'unknown source',
          suggestion(name, Object.keys(sources), 'Name a source of fields.yml.'),
          name,
        );
      else if (source[kind] === null)
        told(path, `a source without ${kind}`, 'Add its fields to fields.yml, or take it out here.', name);
      if (precedence[kind].indexOf(name) !== index)
        told(path, 'the same source twice', 'Keep one of them.', name);
    });
  if (!Object.hasOwn(sources, manualSource))
    told(
      ['manual_source'],
      'unknown source',
      suggestion(manualSource, Object.keys(sources), 'Name a source of fields.yml.'),
      manualSource,
    );
}
