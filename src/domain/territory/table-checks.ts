import { rowName } from './place';
import { ownerText, type Place, type TerritoryRow } from './table';
import type { TableProblem } from './table-reading';
import { byCode } from './texts';

/** What hangs together among the rows of all tables. */
export function tableProblems(rows: readonly TerritoryRow[]): readonly TableProblem[] {
  return [
    ...oneTerritory(rows),
    ...insideParents(rows),
    ...onePlace(rows),
    ...overlaps(rows),
    ...insidePlaces(rows),
  ];
}

const problemAt = (
  { file, line }: TerritoryRow,
  problem: string,
  mend: string,
  value: string,
): TableProblem => ({
  file,
  line,
  problem,
  mend,
  value,
});

/** The first row of each line: what is said of a line is said once. */
const lines = (rows: readonly TerritoryRow[]): readonly TerritoryRow[] => [
  ...new Map(rows.map((row) => [rowName(row), row])).values(),
];

/** A territory is one thing: its lines say the same owner and the same area. */
function* oneTerritory(rows: readonly TerritoryRow[]): Generator<TableProblem> {
  const first = new Map<string, TerritoryRow>();
  for (const row of lines(rows)) {
    const known = first.get(row.territory.toLowerCase());
    if (!known) first.set(row.territory.toLowerCase(), row);
    else if (known.territory !== row.territory)
      yield problemAt(
        row,
        `the territory of ${rowName(known)} in another spelling`,
        `Write ${known.territory}.`,
        row.territory,
      );
    else if (ownerText(known.owner) !== ownerText(row.owner))
      yield problemAt(
        row,
        `Sales: ${rowName(known)} names another owner of the same territory`,
        `Write ${ownerText(known.owner)} in both, or give this line a territory of its own.`,
        ownerText(row.owner),
      );
    else if (known.area !== row.area || known.subRegion !== row.subRegion || known.region !== row.region)
      yield problemAt(
        row,
        `${rowName(known)} puts the same territory into another area`,
        `Write ${known.region}, ${known.subRegion}, ${known.area} in both.`,
        `${row.region}, ${row.subRegion}, ${row.area}`,
      );
  }
}

/** An area lies in one sub-region, a sub-region in one region: in the one that most lines say. */
function* insideParents(rows: readonly TerritoryRow[]): Generator<TableProblem> {
  for (const [child, parent, words] of [
    ['area', 'subRegion', 'Area: lies in another sub-region'],
    ['subRegion', 'region', 'Sub-Region: lies in another region'],
  ] as const) {
    const counts = new Map<string, Map<string, TerritoryRow[]>>();
    for (const row of lines(rows)) {
      const parents = counts.get(row[child]) ?? new Map<string, TerritoryRow[]>();
      parents.set(row[parent], [...(parents.get(row[parent]) ?? []), row]);
      counts.set(row[child], parents);
    }
    for (const parents of counts.values()) {
      const [most, ...others] = [...parents.values()].sort((a, b) => b.length - a.length);
      const [usual] = most ?? [];
      if (!usual) continue;
      for (const row of others.flat())
        yield problemAt(
          row,
          `${words} at ${rowName(usual)}`,
          `Write ${usual[parent]} for ${row[parent]}, or another name.`,
          row[child],
        );
    }
  }
}

const placeKey = ({ segment, country, state, postCodes, industry, accountId }: Place): string =>
  JSON.stringify(
    accountId !== null ? accountId : [segment, country, state, postCodes, industry?.toLowerCase() ?? null],
  );

/** The same place is one territory's. */
function* onePlace(rows: readonly TerritoryRow[]): Generator<TableProblem> {
  const first = new Map<string, TerritoryRow>();
  for (const row of rows) {
    const known = first.get(placeKey(row.place));
    if (known)
      yield problemAt(
        row,
        `the same place as ${rowName(known)}`,
        'Keep one of the lines.',
        placeText(row.place),
      );
    else first.set(placeKey(row.place), row);
  }
}

/** As people read it: `Large, US, CA, 940-945`. */
export function placeText({ segment, country, state, postCodes, industry, accountId }: Place): string {
  const codes =
    postCodes && ('prefix' in postCodes ? `${postCodes.prefix}x` : `${postCodes.from}-${postCodes.to}`);
  return [segment, country, state, codes, industry, accountId].filter((part) => part !== null).join(', ');
}

/**
 * "The more specific wins" leaves open what is equally specific and not apart: ranges of post codes of one length that run into each
 * other. All else of equal weight differs in a value, so no account is in both.
 */
function* overlaps(rows: readonly TerritoryRow[]): Generator<TableProblem> {
  const byGround = new Map<string, { row: TerritoryRow; from: string; to: string }[]>();
  for (const row of rows) {
    const { postCodes, ...rest } = row.place;
    if (!postCodes || 'prefix' in postCodes) continue;
    const key = `${postCodes.from.length} ${placeKey({ ...rest, postCodes: null })}`;
    byGround.set(key, [...(byGround.get(key) ?? []), { row, ...postCodes }]);
  }
  for (const ranges of byGround.values()) {
    let before: (typeof ranges)[number] | undefined;
    for (const range of ranges.sort((a, b) => byCode(a.from, b.from))) {
      const same = before?.from === range.from && before.to === range.to; // told as the same place
      if (before && range.from <= before.to && !same && before.row.territory !== range.row.territory)
        yield problemAt(
          range.row,
          `Post Codes: run into those of ${rowName(before.row)}, and neither is more specific`,
          `End one where the other begins: that line has ${placeText(before.row.place)}.`,
          placeText(range.row.place),
        );
      if (!before || range.to > before.to) before = range;
    }
  }
}

/** A place within another, of its country, lies in the same region: "a child area outside its parent's". */
function* insidePlaces(rows: readonly TerritoryRow[]): Generator<TableProblem> {
  const parents = new Map<string, TerritoryRow>();
  for (const row of rows) {
    const { segment, country, state, postCodes, industry } = row.place;
    if (country !== null && state === null && postCodes === null && industry === null)
      parents.set(`${segment} ${country}`, row);
  }
  for (const row of rows) {
    const parent = parents.get(`${row.place.segment} ${row.place.country ?? ''}`);
    if (parent && parent.region !== row.region)
      yield problemAt(
        row,
        `Region: its country lies in ${parent.region} by ${rowName(parent)}`,
        `Write ${parent.region}, or mend the place.`,
        `${row.region}: ${placeText(row.place)}`,
      );
  }
}
