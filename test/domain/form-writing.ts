import fc from 'fast-check';
import type { FormAccess, FormKind, FormPerson, FormReading } from '../../src/domain/form';
import { formMark } from '../../src/domain/form-reader';
import type { Entitlement, System } from '../../src/domain/handbook';

/** A form as somebody fills it in who means what a reading says. Lines of the reading aren't looked at. */
export function writeForm(reading: FormReading, systems: readonly System[]): string {
  const nameOf = (key: string): string => systems.find((system) => system.key === key)?.name ?? key;
  const lines = (asked: readonly FormAccess[]): string[] =>
    asked.map((access) => `- [x] ${nameOf(access.system)}${environmentOf(access)}: ${wishOf(access)}`);
  const removed = reading.access.filter(({ verb }) => verb === 'remove');
  const given = reading.access.filter(({ verb }) => verb !== 'remove');
  return [
    formMark(reading.kind),
    reading.kind === 'bulk' ? '## People' : '## Person',
    ...(reading.kind === 'bulk' ? tableOf(reading.people) : reading.people.flatMap(labelled)),
    reading.kind === 'change' ? '## More or less' : '## Access',
    ...lines(given),
    ...(removed.length > 0 ? ['## None', ...lines(removed)] : []),
    ...(reading.attachment === null ? [] : ['## People', `[people](${reading.attachment})`]),
    ...(reading.until === null ? [] : ['## Until', reading.until]),
    ...(reading.justification === null ? [] : ['## Justification', reading.justification]),
    '',
  ].join('\n');
}

const environmentOf = ({ environment }: FormAccess): string =>
  environment === null ? '' : ` (${environment})`;

function wishOf({ verb, sameAs, entitlement }: FormAccess): string {
  if (verb === 'remove') return 'remove';
  if (sameAs !== null) return `same as ${sameAs}`;
  const { role, profile, team, licenceType, permissionSets } = entitlement;
  return [
    role === undefined ? [] : [`role: ${role}`],
    profile === undefined ? [] : [`profile: ${profile}`],
    team === undefined ? [] : [`team: ${team}`],
    licenceType === undefined ? [] : [`licence type: ${licenceType}`],
    permissionSets === undefined ? [] : [`permission sets: ${permissionSets.join(' and ')}`],
  ]
    .flat()
    .join(', ');
}

const tableOf = (people: readonly FormPerson[]): string[] => [
  '| Name | E-mail | Manager |',
  '| --- | --- | --- |',
  ...people.map(({ name, email, managerEmail }) => `| ${name ?? ''} | ${email} | ${managerEmail ?? ''} |`),
];

const labelled = ({ name, email, managerEmail }: FormPerson): string[] => [
  ...(name === null ? [] : [`- Name: ${name}`]),
  `- E-mail: ${email}`,
  ...(managerEmail === null ? [] : [`- Manager's e-mail: ${managerEmail}`]),
];

const word = fc.stringMatching(/^(?:[A-Z][a-z]{2,8}|[A-Z]{2,4}\d?)$/).filter((one) => !RESERVED.test(one));
/** Words that mean something on such a line. */
const RESERVED =
  /^(?:role|level|access|team|profile|licen[cs]e|seat|permission|same|like|as|copy|the|none|no|nothing|not|remove|delete|drop|revoke|for|until|till|because|and|in|on|test|uat|qa|dev|demo|prod|staging|tbd|na|cc)s?$/i;
const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
const email = fc
  .tuple(fc.stringMatching(/^[a-z]{2,8}$/), fc.integer({ min: 0, max: 99_999 }))
  .map(([local, number]) => `${local}.${number}@x.example`);
const person: fc.Arbitrary<FormPerson> = fc.record({
  line: fc.constant(0),
  name: fc.option(name),
  email,
  managerEmail: fc.option(email),
});

function entitlementOf(system: System): fc.Arbitrary<Entitlement> {
  const has = (attribute: System['requires'][number]): boolean => system.requires.includes(attribute);
  const licences = system.licenceTypes.map((type) => type.name);
  return fc
    .record({
      ...(has('role') ? { role: name } : {}),
      ...(has('profile') ? { profile: name } : {}),
      ...(has('team') ? { team: name } : {}),
      ...(has('licence_type') ? { licenceType: fc.constantFrom(...licences) } : {}),
      ...(has('profile') ? { permissionSets: fc.uniqueArray(name, { maxLength: 3 }) } : {}),
    })
    .map(({ permissionSets = [], ...rest }) => ({
      system: system.key,
      ...rest,
      ...(permissionSets.length > 0 ? { permissionSets: [...permissionSets].sort() } : {}),
    }));
}

const accessTo = (system: System, kind: FormKind): fc.Arbitrary<FormAccess> =>
  fc
    .tuple(
      fc.constantFrom('named', 'same', ...(kind === 'change' ? (['remove'] as const) : [])),
      entitlementOf(system),
      fc.constantFrom(null, null, 'sandbox', 'staging', 'full sandbox'),
      name,
    )
    .map(([how, entitlement, environment, colleague]) => ({
      line: 0,
      system: system.key,
      verb: how === 'remove' ? 'remove' : kind === 'change' ? 'change' : 'grant',
      entitlement: how === 'named' ? entitlement : { system: system.key },
      sameAs: how === 'same' ? colleague : null,
      environment,
    }));

const date = fc
  .integer({ min: 0, max: 20_000 })
  .map((days) => new Date(Date.UTC(2000, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const path = fc.stringMatching(/^[0-9a-f]{32}\/[a-z]{1,8}\.csv$/).map((file) => `/uploads/${file}`);

/** Forms that can be read whole. */
export const readings = (systems: readonly System[]): fc.Arbitrary<FormReading> =>
  fc
    .tuple(
      fc.constantFrom<FormKind>('single', 'bulk', 'change'),
      fc.shuffledSubarray([...systems], { minLength: 1 }),
      fc.array(person, { minLength: 1, maxLength: 6 }),
      fc.option(date),
      fc.option(name),
      fc.option(path),
    )
    .chain(([kind, named, people, until, justification, attachment]) =>
      fc.tuple(...named.map((system) => accessTo(system, kind))).map((access) => ({
        kind,
        people: kind === 'bulk' ? people : people.slice(0, 1),
        // Removals stand last, as they do on the form.
        access: [...access].sort((a, b) => Number(a.verb === 'remove') - Number(b.verb === 'remove')),
        until,
        justification,
        attachment: kind === 'bulk' ? attachment : null,
        problems: [],
      })),
    );

/** The same without the lines on which it stands. */
export const withoutLines = (reading: FormReading | null): FormReading | null =>
  reading && {
    ...reading,
    people: reading.people.map((one) => ({ ...one, line: 0 })),
    access: reading.access.map((one) => ({ ...one, line: 0 })),
    problems: reading.problems.map((one) => ({ ...one, line: one.line === null ? null : 0 })),
  };
