import { join } from 'node:path';
import type { Handbook, Territory } from '../domain/handbook';
import type { TableOwner } from '../domain/territory/table';
import type { TableRead } from '../domain/territory/table-reading';
import type { Problem } from './problem';
import type { PeopleReading, TerritoryReading } from './reading';
import { readTerritoryFields, readTerritoryRules } from './territory-rules';
import { TABLES, readTables } from './territory-tables';

/** Reads `territory/`: rules, fields and tables. Null where there is no such folder. */
export function readTerritory(
  dir: string,
  files: readonly string[],
  people: PeopleReading | null,
  problems: Problem[],
): TerritoryReading | null {
  if (!files.some((file) => file.startsWith('territory/'))) return null;
  const rules = readTerritoryRules(dir, problems);
  const fields = readTerritoryFields(dir, problems);
  // Without those whom it may name, a table would be nothing but faults.
  if (!rules || !people) return { rules, fields, rows: [] };
  const segments = [
    ...new Set(rules.versions.flatMap((version) => version.rules.segments.map(({ name }) => name))),
  ];
  const members = people.members.map(({ person }) => person);
  const tables = readTables(join(dir, TABLES), { segments, people: members }, `${TABLES}/`);
  problems.push(...tables.problems);
  return { rules, fields, rows: tables.rows };
}

export const territoryOf = (read: TerritoryReading | null): Pick<Handbook, 'territory'> =>
  read?.rules && read.fields
    ? {
        territory: {
          rules: read.rules.versions.map(({ rules }) => rules),
          fields: read.fields.fields,
          rows: read.rows,
        },
      }
    : {};

/** Whose accounts each territory's are when somebody leaves. "A manager may cover temporarily": the owner's own, where the table names nobody. */
export function territoriesOf(read: TerritoryReading | null, people: PeopleReading): readonly Territory[] {
  const byName = new Map(people.members.map(({ person }) => [person.name, person]));
  const one = (name: string, { name: owner, cover }: TableOwner): Territory => {
    const person = owner === null ? undefined : byName.get(owner);
    const covering = cover === null ? undefined : byName.get(cover);
    return { name, owner: person?.email ?? null, cover: covering?.email ?? person?.managerEmail ?? null };
  };
  const owners = new Map((read?.rows ?? []).map(({ territory, owner }) => [territory, owner]));
  return [...owners].map(([name, owner]) => one(name, owner));
}

/** Tables of another folder, read as the handbook's own are: for a what-if. */
export const tablesFor = (handbook: Handbook, dir: string, shown: string): TableRead =>
  readTables(
    dir,
    {
      segments: [
        ...new Set(handbook.territory?.rules.flatMap(({ segments }) => segments.map(({ name }) => name))),
      ],
      people: handbook.people.members,
    },
    shown,
  );
