import { knownValues } from './form-access';
import { OFFERED } from './form-lines';
import type { EntitlementAttribute, Handbook, People, System } from './handbook';

/** What a template may hold for the handbook to fill in. */
export const PLACEHOLDERS = ['systems', 'system_names', 'dris'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/** Words between braces that stand for nothing, with the line, from 1, on which each stands. */
export const unknownPlaceholders = (
  text: string,
): readonly { readonly word: string; readonly line: number }[] =>
  text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(PLACEHOLDER)].map((found) => ({ word: found[1] ?? '', line: index + 1 })),
    )
    .filter(({ word }) => !isPlaceholder(word));

const isPlaceholder = (word: string): word is Placeholder => PLACEHOLDERS.some((known) => known === word);

/**
 * An issue template as it is published: `{systems}` is a box for each system with what must be named there, `{system_names}`
 * the same without, `{dris}` those who are mentioned on every request.
 */
export function renderTemplate(
  template: string,
  handbook: Pick<Handbook, 'systems'> & { readonly people: Pick<People, 'provisioningDris'> },
): string {
  const text: Readonly<Record<Placeholder, () => string>> = {
    systems: () => handbook.systems.map(boxOf).join('\n'),
    system_names: () => handbook.systems.map(({ name }) => `- [ ] ${name} <!-- ${OFFERED} -->`).join('\n'),
    dris: () => handbook.people.provisioningDris.map((username) => `@${username}`).join(' '),
  };
  return template.replace(PLACEHOLDER, (whole, word: string) => (isPlaceholder(word) ? text[word]() : whole));
}

const LABELS: Readonly<Record<EntitlementAttribute, string>> = {
  role: 'role',
  profile: 'profile',
  team: 'team',
  licence_type: 'licence type',
  permission_sets: 'permission sets',
};

/** `- [ ] RingLead: role: <!-- offered; role is one of User, Admin -->` */
function boxOf(system: System): string {
  const blanks = system.requires.map((attribute) => `${LABELS[attribute]}: `).join(', ');
  const known = system.requires.flatMap((attribute) => {
    const values = knownValues(system, attribute).map(inComment);
    return values.length > 0 ? [`${LABELS[attribute]}: such as ${values.join(', ')}`] : [];
  });
  const notes = [...known, ...(system.sharedAccount ? ['shared account: fill in "Until"'] : [])];
  const comment = `<!-- ${[OFFERED, ...notes].join('; ')} -->`;
  return `- [ ] ${system.name}${blanks === '' ? '' : `: ${blanks.trimEnd()}`} ${comment}`;
}

/** A comment ends at `-->`, whatever stands in it. */
const inComment = (text: string): string => text.replace(/--+>?/g, '-');
