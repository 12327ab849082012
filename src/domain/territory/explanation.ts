import type { FieldReason, Placement } from './placement';
import type { Held } from './placement';
import { placeText } from './address';

/** Why an account stays with its owner, in words. */
const HELD_WORDS: Readonly<Record<Held, string>> = {
  cycle: 'it is in a cycle of parents, or below one, so nobody can say who is above it',
  embargo: 'it is under an embargo',
  named: 'it is a named account, which is assigned by hand',
  'public-sector': 'it is of the public sector, which is assigned by hand',
  channel: 'it is a channel account, which is assigned by hand',
  'holding-company': 'it is a holding company',
  'hierarchy-override': 'it overrides the routing of its hierarchy',
  holdover: 'its holdover has not ended',
  protected: 'its segment was confirmed on 1 February, and it is not stale',
  'request-pending': 'a request about it is not decided',
  'no-territory': 'no row of the tables is for it',
  'to-be-hired': 'the owner of its territory is to be hired',
  'owner-inactive': 'the owner of its territory has left, or cannot be found',
  'window-closed': 'no window is open in which accounts move unasked, and no day is agreed on',
};

export const heldInWords = (held: Held): string => HELD_WORDS[held];

/** What a plan says of one account, in sentences: each field, where it comes from, and what lost against it. No names. */
export function explanationOf({
  ultimateParentId,
  accountId,
  version,
  staging,
  reasons,
  held,
  moves,
}: Placement): readonly string[] {
  if (held.includes('cycle')) return [`Nothing is planned, and all stays as it is: ${HELD_WORDS.cycle}.`];
  const parent =
    ultimateParentId === accountId
      ? 'It is its own ultimate parent.'
      : `Its ultimate parent is ${ultimateParentId}.`;
  return [
    `By the rules of ${version}. ${parent}`,
    ...reasons.map((reason) => `${sentenceOf(reason)}${lostOf(reason)}`),
    ...(staging.geoStory === null
      ? []
      : [`The address came from ${staging.geoStory}: ${placeText(staging.address)}.`]),
    ...ownerLines(staging.nextOwnerId, held, moves),
  ];
}

function ownerLines(nextOwnerId: string | null, held: readonly Held[], moves: boolean): readonly string[] {
  if (moves) return [`It may move to ${nextOwnerId ?? 'nobody'}.`];
  if (held.length === 0) return ['It is with that owner already.'];
  return [`It stays with its owner: ${held.map(heldInWords).join('; ')}.`];
}

function sentenceOf({ field, rule, from, value }: FieldReason): string {
  const said = value ?? 'nothing';
  switch (`${field} ${rule}`) {
    case 'employees first-source':
      return `Employees of its own: ${said}, from ${from ?? ''}, the first source that has a number.`;
    case 'employees unknown':
      return `Employees of its own: no source has a number, so ${said} stands for unknown.`;
    case 'maxFamilyEmployees family-maximum':
      return `The most in its family: ${said}, of ${from ?? ''}.`;
    case 'maxFamilyEmployees unknown':
      return `The most in its family: no member has a number, so ${said} stands for unknown.`;
    case 'segment segment-bounds':
      return `Segment ${said}, by the most in its family.`;
    case 'segment unknown-as-smb':
      return `Segment ${said}, since nothing is known of employees.`;
    case 'address first-source':
      return `Address: ${said}, from ${from ?? ''}, the first source whose country is known.`;
    case 'address ultimate-parent':
      return `Address: ${said}, that of its ultimate parent.`;
    case 'address unknown':
      return 'Address: no source has a country that is known.';
    case 'industry most-frequent':
      return `Industry ${said}, the most frequent in its family.`;
    case 'territory most-specific':
      return `Territory ${said}, by the row that says most of its place (${from ?? ''}).`;
    case 'territory named-account':
      return `Territory ${said}, by the row that names its ultimate parent (${from ?? ''}).`;
    case 'territory no-row':
      return 'Territory: no row of the tables is for its place.';
    case 'owner territory-owner':
      return `Owner ${said}, whose territory ${from ?? ''} is.`;
    case 'owner to-be-hired':
      return `Owner ${said}, who covers ${from ?? ''} until somebody is hired.`;
    case 'owner owner-inactive':
      return `Owner: nobody can be proposed, the owner of ${from ?? ''} has left or cannot be found.`;
    default:
      return `Owner: nobody can be proposed without a territory.`;
  }
}

function lostOf({ field, lost }: FieldReason): string {
  if (lost.length === 0) return '';
  if (field === 'owner') return ` Now: ${lost.map(({ value }) => value).join(', ')}.`;
  return ` Lost: ${lost.map(({ from, value }) => `${value} (${from})`).join(', ')}.`;
}
