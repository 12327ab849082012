import { likened } from './form-systems';

/** What a heading of a form begins. */
export type Section =
  'person' | 'people' | 'access' | 'change' | 'remove' | 'justification' | 'until' | 'other';

/** Words that the templates use, and those that people put in their place. */
const HEADINGS: Readonly<Record<Exclude<Section, 'other'>, readonly string[]>> = {
  person: ['person', 'who', 'for whom', 'user', 'team member', 'personal info', 'personal information'],
  people: ['people', 'users', 'team members', 'persons', 'names'],
  access: ['access', 'systems', 'system', 'access requested', 'requested access', 'access needed'],
  change: ['more', 'less', 'more or less', 'more, less', 'change', 'changes', 'access to change'],
  remove: ['none', 'remove', 'removal', 'access to remove', 'no longer needed', 'take away'],
  justification: ['justification', 'business justification', 'reason', 'why'],
  until: ['until', 'end date', 'how long', 'for how long'],
};

const SECTIONS: ReadonlyMap<string, Section> = new Map(
  Object.entries(HEADINGS).flatMap(([section, words]) =>
    words.map((word): [string, Section] => [word, section as Section]),
  ),
);

/** `## 2. Access (one line per system):` is `access`. */
export const sectionOf = (heading: string): Section =>
  SECTIONS.get(
    likened(
      heading
        .replace(/\([^)]*\)/g, '')
        .replace(/^(?:step\s+)?\d+[.):]?\s+/i, '')
        .replace(/[:?]+\s*$/, ''),
    ),
  ) ?? 'other';

/** A line of the form `Label: value` that isn't about one system. */
export interface Labelled {
  readonly label: 'name' | 'email' | 'manager' | 'until' | 'justification';
  readonly value: string;
}

const LABELS: readonly (readonly [Labelled['label'], RegExp])[] = [
  ['justification', /^(?:(?:business )?justification(?: for this access)?|reason|why|because)$/],
  [
    'until',
    /^(?:(?:access |needed )?until|end date|ends(?: on)?|expires(?: on)?|(?:for )?how long|duration|till)$/,
  ],
  ['manager', /^(?:(?:line |their |your )?manager(?:['’]?s)?(?: e-?mail)?(?: address)?|reports to)$/],
  ['email', /^(?:(?:work |their |your )?e-?mail(?: address)?)$/],
  ['name', /^(?:(?:full |their |your )?name|person|team member)$/],
];

/** Null for any other line, also one whose label isn't known. */
export function labelledLine(text: string): Labelled | null {
  const parts = /^([^:=]{2,60})[:=](?!\/\/)\s*(.*)$/u.exec(text);
  if (!parts) return null;
  const word = likened((parts[1] ?? '').replace(/\([^)]*\)/g, ''));
  const label = LABELS.find(([, known]) => known.test(word))?.[0];
  return label === undefined ? null : { label, value: withoutPlaceholder(parts[2] ?? '') };
}

/** What people write where they have nothing to say is nothing. */
export const withoutPlaceholder = (value: string): string =>
  /^(?:n\/?a|tbd|[-–—.…?_]+|<[^<>@]*>|\[[^\]@]*\])$/iu.test(value.trim()) ? '' : value.trim();
