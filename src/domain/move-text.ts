import { markdown, plainLine } from './escape';
import { formMark } from './form-reader';
import type { Entitlement, System } from './handbook';
import { givenBy, type MovePlan, type RoleFacts } from './moves';
import { markerPart } from './request-text';
import { accessInWords } from './tasks';

/** The mark by which a mover's request is found again: of one person, day and HR event. */
export const moveMarker = (employeeId: string, date: string, event: string): string =>
  `${moveMarkersOf(employeeId)}${date}:${markerPart(event)}`;
/** How the marks of all of one person's changes of role begin. */
export const moveMarkersOf = (employeeId: string): string => `daytwo:move:${markerPart(employeeId)}:`;
/** Whether daytwo files this request for a change of role, and starts its workflow itself. */
export const isMoveRequest = (description: string): boolean => description.includes('<!-- daytwo:move:');

export const moveTitle = (name: string, employeeId: string): string =>
  [...plainLine(`${name}: access for another role (employee ${employeeId})`)].slice(0, 200).join('');

export interface MoveIssue {
  readonly marker: string;
  readonly email: string;
  readonly from: RoleFacts;
  readonly to: RoleFacts;
  readonly plan: MovePlan;
  /** The new role's templates stand as they were approved. */
  readonly bornApproved: boolean;
  readonly systems: readonly Pick<System, 'key' | 'name'>[];
  /** `YYYY-MM-DD`, on which HR told of it. */
  readonly date: string;
  /** The day on which what goes does so though the old manager said nothing. */
  readonly graceDate: string;
  /** GitLab user names, of both managers and the DRIs. */
  readonly tell: readonly string[];
}

/**
 * The description of a mover's request: what changes, for people to read, in a quotation that no reader of forms looks at;
 * then a filled-in access-change form, read like any other.
 */
export function moveIssueText(move: MoveIssue): string {
  return [
    `<!-- ${move.marker} -->\n${formMark('change')}`,
    quoted(summary(move)),
    ...filledIn(move, `HR told of another role on ${move.date}.`),
  ].join('\n\n');
}

/** The description of a request for what was taken from somebody who stays after all. */
export function returnIssueText(
  back: Pick<MoveIssue, 'marker' | 'email' | 'plan' | 'systems' | 'date' | 'tell'> & {
    /** What else was taken, by kind: queues, rights, records that others have now. */
    readonly taken: Readonly<Record<string, readonly string[]>>;
  },
): string {
  const { plan, systems } = back;
  return [
    `<!-- ${back.marker} -->\n${formMark('change')}`,
    quoted([
      `**Stays after all**, as HR told on ${back.date}: what was taken and what the role gives is asked for again, and comes back once it is approved.`,
      ...(plan.review.length > 0
        ? [
            `Taken besides, and not asked for here: ${plan.review.map((key) => markdown(nameOf(key, systems))).join(', ')}. Who needs it files a request.`,
          ]
        : []),
      ...Object.entries(back.taken)
        .filter(([, names]) => names.length > 0)
        .map(([what, names]) => `${what}: ${names.map(markdown).join(', ')}.`),
    ]),
    ...filledIn(back, `HR took the leaving back on ${back.date}.`),
  ].join('\n\n');
}

/** The access-change form as somebody would fill it in. */
const filledIn = (
  { email, plan, systems, tell }: Pick<MoveIssue, 'email' | 'plan' | 'systems' | 'tell'>,
  justification: string,
): readonly string[] => [
  `## Person\n\n- E-mail: ${markdown(email)}`,
  ...formLists({ plan, systems }),
  `## Justification\n\n${justification}`,
  `cc ${tell.map((name) => `@${name}`).join(' ')}`,
];

const quoted = (paragraphs: readonly string[]): string =>
  paragraphs
    .join('\n\n')
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

function summary({ from, to, plan, bornApproved, systems, date, graceDate }: MoveIssue): readonly string[] {
  const named = (key: string): string => markdown(nameOf(key, systems));
  const words = (one: Entitlement): string => markdown(accessInWords(one)) || 'access';
  const row = (key: string, now: string, then: string): string => `| ${named(key)} | ${now} | ${then} |`;
  const rows = [
    ...plan.add.map((one) => row(one.system, 'none', `**added**: ${words(one)}`)),
    ...plan.change.map(({ from: now, to: then }) =>
      row(then.system, words(now), `**changed**: ${words(then)}`),
    ),
    ...plan.remove.map((one) => row(one.system, words(one), '**removed**')),
    ...plan.keep.map((one) => row(one.system, words(one), 'stays')),
  ];
  const gives = givenBy(plan).length > 0;
  return [
    `**Another role**, as HR told on ${date}: ${roleInWords(from)} → ${roleInWords(to)}`,
    `| System | Now | With the new role |\n|---|---|---|\n${rows.join('\n')}`,
    ...(gives && bornApproved
      ? ['What is added or changed is what the approved template of the new role gives.']
      : []),
    ...(gives && !bornApproved
      ? [
          'The template of the new role is not as it was approved, so the manager approves what is added or changed.',
        ]
      : []),
    ...(plan.remove.length > 0
      ? [`What is removed goes once the manager before agrees, or on ${graceDate}.`]
      : []),
    ...(plan.besides.length > 0
      ? [
          `Held besides, though neither role gives it: ${plan.besides.map((one) => `${named(one.system)} (${words(one)})`).join(', ')}. It stays. Where it is no longer needed, its manager before adds it below "None".`,
        ]
      : []),
    ...(plan.review.length > 0
      ? [
          `To be reviewed by their owners, since SOX systems are in no template: ${plan.review.map(named).join(', ')}.`,
        ]
      : []),
  ];
}

function formLists({ plan, systems }: Pick<MoveIssue, 'plan' | 'systems'>): readonly string[] {
  const asked = givenBy(plan).map((one) => `- ${nameOf(one.system, systems)}${valuesOf(one)}`);
  const none = plan.remove.map((one) => `- ${nameOf(one.system, systems)}: remove`);
  return [
    ...(asked.length > 0 ? [`## More or less\n\n${asked.join('\n')}`] : []),
    ...(none.length > 0 ? [`## None\n\n${none.join('\n')}`] : []),
  ];
}

/** `: role: Sales Rep, team: Enterprise`, as the reader of forms takes it; the escapes are taken off by it. */
function valuesOf(entitlement: Entitlement): string {
  const { role, profile, team, licenceType, permissionSets } = entitlement;
  const parts = [
    profile === undefined ? null : `profile: ${markdown(profile)}`,
    role === undefined ? null : `role: ${markdown(role)}`,
    team === undefined ? null : `team: ${markdown(team)}`,
    licenceType === undefined ? null : `licence type: ${markdown(licenceType)}`,
    permissionSets === undefined || permissionSets.length === 0
      ? null
      : `permission sets: ${permissionSets.map(markdown).join(' and ')}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/** `Account Executive, Enterprise Sales, Americas`, for Markdown. */
export const roleInWords = ({ title, specialty, department, region }: RoleFacts): string =>
  [title, specialty, department, region].flatMap((word) => (word ? [markdown(word)] : [])).join(', ');

const nameOf = (key: string, systems: MoveIssue['systems']): string =>
  systems.find((system) => system.key === key)?.name ?? key;
