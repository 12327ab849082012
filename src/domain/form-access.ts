import type { AccessVerb, FormAccess, FormProblem } from './form';
import { problemAt } from './form-problem';
import { segmentsOf, type Segment } from './form-segments';
import { likened } from './form-systems';
import type { Entitlement, EntitlementAttribute, System } from './handbook';

/** Signs that a role, a profile or the like may have. */
const LONGEST_VALUE = 120;

const IN_WORDS: Readonly<Record<EntitlementAttribute, string>> = {
  role: 'role',
  profile: 'profile',
  team: 'team',
  licence_type: 'licence type',
  permission_sets: 'permission sets',
};

/** A system on the form with all that is said of it: on its line and below it. */
export interface AskedSystem {
  readonly system: System;
  readonly line: { readonly number: number; readonly raw: string };
  /** What stands after the system's name, and on the lines below. */
  readonly rests: readonly string[];
  readonly remove: boolean;
  /** Nobody asks for it unless something is filled in: an offered line whose box is empty. */
  readonly onlyIfFilled: boolean;
}

/** What one system's lines say. `access` is null where they ask for nothing, or can't be understood. */
export interface AccessReading {
  readonly access: FormAccess | null;
  readonly untils: readonly string[];
  readonly justifications: readonly string[];
  readonly problems: readonly FormProblem[];
}

/** @param whatIsNone `remove` on a form that changes access, where "none" means that none is to be left */
export function readAccess(
  asked: AskedSystem,
  verb: AccessVerb,
  whatIsNone: 'remove' | 'unclear',
): AccessReading {
  const { system, line } = asked;
  const segments = asked.rests.flatMap((rest) => segmentsOf(rest, system));
  const untils = segments.flatMap((one) => (one.kind === 'until' ? [one.value] : []));
  const justifications = segments.flatMap((one) => (one.kind === 'justification' ? [one.text] : []));
  const nothing: AccessReading = { access: null, untils, justifications, problems: [] };
  const none = segments.some(({ kind }) => kind === 'none');
  if (asked.onlyIfFilled && (segments.length === 0 || (none && whatIsNone === 'unclear'))) return nothing;
  const removes =
    asked.remove || segments.some(({ kind }) => kind === 'remove') || (none && whatIsNone === 'remove');
  const problems: FormProblem[] = [];
  const ask = (expected: string): void => void problems.push(problemAt(line, expected));
  if (none && !removes)
    ask(`Write "remove" if access to ${system.name} is to be taken away, else take this line away.`);
  const values = valuesOf(system, segments, ask);
  const sameAs = segments.find((one) => one.kind === 'same-as')?.colleague ?? null;
  if (removes && (sameAs !== null || values.size > 0))
    ask(`Either name what is needed in ${system.name}, or write only "${system.name}: remove".`);
  if (!removes && !none && sameAs === null && problems.length === 0) askForMissing(system, values, ask);
  if (problems.length > 0) return { ...nothing, problems };
  const access: FormAccess = {
    line: line.number,
    system: system.key,
    verb: removes ? 'remove' : verb,
    entitlement: removes ? { system: system.key } : entitlementOf(system, values),
    sameAs,
    environment: environmentOf(segments),
  };
  return { ...nothing, access };
}

type Values = ReadonlyMap<EntitlementAttribute, readonly string[]>;

/** Named values by attribute; a bare one is what it is known as, else the first attribute that must be named and isn't. */
function valuesOf(system: System, segments: readonly Segment[], ask: (expected: string) => void): Values {
  const values = new Map<EntitlementAttribute, readonly string[]>();
  const bare: string[] = [];
  let last: EntitlementAttribute | null = null;
  const put = (attribute: EntitlementAttribute, value: string): void => {
    const known = checked(system, attribute, value, ask);
    const before = values.get(attribute) ?? [];
    if (attribute === 'permission_sets') values.set(attribute, [...before, ...setsOf(value)]);
    else if (before.length === 0) values.set(attribute, [known]);
    else if (likened(before[0] ?? '') !== likened(known))
      ask(
        `Name one ${IN_WORDS[attribute]} for ${system.name}: both "${before[0] ?? ''}" and "${known}" stand here.`,
      );
  };
  for (const segment of segments) {
    if (segment.kind === 'attribute') put((last = segment.attribute), segment.value);
    else if (segment.kind === 'value' && last === 'permission_sets') put(last, segment.value);
    else if (segment.kind === 'value') bare.push(segment.value);
  }
  const unplaced = bare.filter((value) => {
    const attribute = knownAs(system, value);
    if (attribute !== null) put(attribute, value);
    return attribute === null;
  });
  const first = system.requires.find((attribute) => !values.has(attribute));
  const [value, another] = unplaced;
  if (value === undefined) return values;
  if (first === undefined || another !== undefined)
    ask(`Say what "${another ?? value}" is, such as "${sampleOf(system)}".`);
  else put(first, value);
  return values;
}

/** Values that the handbook knows for an attribute. */
export function knownValues(system: System, attribute: EntitlementAttribute): readonly string[] {
  const licences = system.licenceTypes.map(({ name }) => name);
  switch (attribute) {
    case 'licence_type':
      return licences;
    case 'role':
      return system.requires.includes('profile')
        ? []
        : [...new Set([...system.levels, ...system.adminRoles])].filter((name) => !licences.includes(name));
    case 'profile':
    case 'team':
    case 'permission_sets':
      return [];
  }
}

const knownAs = (system: System, value: string): EntitlementAttribute | null =>
  system.requires.find((attribute) => spelt(knownValues(system, attribute), value) !== undefined) ?? null;

/** "Admin rights" is Admin. */
const spelt = (known: readonly string[], value: string): string | undefined =>
  known.find((name) => likened(name) === likened(value)) ??
  known.find(
    (name) => likened(name) === likened(value).replace(/ (?:access|rights|permissions?|level|role)$/, ''),
  );

/** Whether a value names several of which one is known: "User / Admin". */
const isSeveral = (known: readonly string[], value: string): boolean => {
  const parts = value.split(/\s*[/+&]\s*|\s+(?:or|and)\s+/iu);
  return parts.length > 1 && parts.some((part) => spelt(known, part) !== undefined);
};

/** The value as the handbook spells it, where it knows it. Licence types are all known; roles and profiles needn't be. */
function checked(
  system: System,
  attribute: EntitlementAttribute,
  value: string,
  ask: (expected: string) => void,
): string {
  const known = knownValues(system, attribute);
  const name = spelt(known, value) ?? spelt(system.adminRoles, value);
  if (name !== undefined) return name;
  if (attribute !== 'permission_sets' && isSeveral([...known, ...system.adminRoles], value))
    ask(`Name one ${IN_WORDS[attribute]} for ${system.name}: "${value}" names several.`);
  else if ([...value].length > LONGEST_VALUE)
    ask(`Name the ${IN_WORDS[attribute]} for ${system.name} in at most ${LONGEST_VALUE} signs.`);
  else if (attribute === 'licence_type' && known.length > 0)
    ask(`Name the licence type for ${system.name}: one of ${known.join(', ')}.`);
  return value;
}

/** `A, B and C` are three; a name with "and" in it can be set in a line of its own. */
const setsOf = (value: string): readonly string[] =>
  value
    .split(/\s+(?:and|&|\+)\s+/iu)
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** "An AR approved without a role must not be provisioned until the role is named" (access-management policy). */
function askForMissing(system: System, values: Values, ask: (expected: string) => void): void {
  const missing = system.requires.filter((attribute) => !values.has(attribute));
  if (missing.length === 0) return;
  const wanted = missing.map((attribute) => {
    const known = knownValues(system, attribute);
    return `the ${IN_WORDS[attribute]}${known.length > 0 ? ` (such as ${known.join(', ')})` : ''}`;
  });
  const [attribute] = missing;
  const choice = attribute && missing.length === 1 ? knownValues(system, attribute) : [];
  ask(
    attribute && choice.length > 1
      ? `Name the ${IN_WORDS[attribute]} for ${system.name}: one of ${choice.join(', ')}.`
      : `Name ${inWords(wanted)} for ${system.name}, such as "${sampleOf(system)}".`,
  );
}

const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

const sampleOf = (system: System): string =>
  `${system.name}: ${system.requires.map((one) => `${IN_WORDS[one]}: ${knownValues(system, one)[0] ?? '…'}`).join(', ')}`;

function entitlementOf(system: System, values: Values): Entitlement {
  const [role, profile, team, licenceType] = (['role', 'profile', 'team', 'licence_type'] as const).map(
    (attribute) => values.get(attribute)?.[0],
  );
  const sets = [...new Set(values.get('permission_sets') ?? [])].sort();
  return {
    system: system.key,
    ...(role === undefined ? {} : { role }),
    ...(profile === undefined ? {} : { profile }),
    ...(team === undefined ? {} : { team }),
    ...(licenceType === undefined ? {} : { licenceType }),
    ...(sets.length === 0 ? {} : { permissionSets: sets }),
  };
}

/** "Non-production must be named, else production is meant" (finance systems' access requests). */
function environmentOf(segments: readonly Segment[]): string | null {
  const named = segments.find((one) => one.kind === 'environment')?.name;
  return named === undefined || /^prod(uction)?$/i.test(named) ? null : named;
}
