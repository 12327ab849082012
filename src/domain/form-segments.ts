import { withoutPlaceholder } from './form-labels';
import { likened } from './form-systems';
import type { EntitlementAttribute, System } from './handbook';

/** One part of a line about a system, between commas or semicolons. */
export type Segment =
  | { readonly kind: 'attribute'; readonly attribute: EntitlementAttribute; readonly value: string }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'same-as'; readonly colleague: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'until'; readonly value: string }
  | { readonly kind: 'justification'; readonly text: string }
  | { readonly kind: 'remove' }
  | { readonly kind: 'none' };

const ATTRIBUTE_WORDS: readonly (readonly [EntitlementAttribute, string])[] = [
  ['permission_sets', 'permission[ -]?sets?'],
  ['licence_type', 'licen[cs]e(?:[ -]types?)?|seat(?:[ -]type)?'],
  ['role', 'roles?|(?:access[ -])?level'],
  ['profile', 'profiles?'],
  ['team', 'teams?'],
];
const ANY_WORD = ATTRIBUTE_WORDS.map(([, words]) => words).join('|');
const PREFIXED = ATTRIBUTE_WORDS.map(
  ([attribute, words]) =>
    [attribute, new RegExp(`^(?:${words})(?:\\s*[:=]\\s*(.*)|\\s+(.+)|)$`, 'iu')] as const,
);
const SUFFIXED = ATTRIBUTE_WORDS.map(
  ([attribute, words]) => [attribute, new RegExp(`^(.+)\\s(?:${words})$`, 'iu')] as const,
);

const ENVIRONMENT =
  /^(?:(?:in |on |the )*)((?:full |partial |dev(?:eloper)? )?sandbox|staging|uat|test|dev|development|qa|demo|prod|production)(?: environment| org| instance| only)?$/iu;
const SAME_AS =
  /^(?:(?:the )?same(?: (?:access|role|rights|set-?up))?(?: as)?|like|as|copy(?: of)?)\s+(\S.*)$|^(?:the )?same(?: as)?$/iu;
const REMOVE =
  /^(?:please )?(?:remove(?:d)?|removal|revoke(?:d)?|take away|deprovision|delete|drop|no longer needed)(?: access| it| all)?$/iu;
const NONE = /^(?:none|no|nothing|no access|not needed|not required)$/iu;

/** "… profile and role …": in lower case, since "Sales and Team Lead" may be one role. */
const AND_LABEL = new RegExp(`\\s(?:and|&)\\s+(?=(?:${ANY_WORD})\\s)`, 'gu');
const BECAUSE =
  /(?:^|[,;.(]\s*|\s[-–—]\s*|\s)(?:because|(?:justification(?: for this access)?|reason|why)\s*[:=])\s*(.*)$/iu;

/** The parts of what stands after a system's name. A justification goes on to the end of the line. */
export function segmentsOf(rest: string, system: System): readonly Segment[] {
  const because = BECAUSE.exec(rest);
  const reason = because ? filled(because[1] ?? '', (text) => ({ kind: 'justification', text })) : null;
  const parts = rest
    .slice(0, because?.index)
    .replace(/\(([^()]*)\)/gu, (whole, inside: string) =>
      ENVIRONMENT.test(inside.trim()) ? `;${inside};` : whole,
    )
    .replace(/[,;\s]\s*(?:and |& )?(?=(?:until|till)\s+\S)/giu, ';')
    .replace(/\s(?=for\s+(?:\d+|a|an|one|two|three|six)\s+(?:day|week|month|quarter|year)s?\b)/giu, ';')
    .replace(new RegExp(`\\s(?:and\\s+|&\\s+)?(?=(?:${ANY_WORD})\\s*[:=])`, 'giu'), ';')
    .replace(AND_LABEL, ';')
    .split(/[,;|]/)
    .map((part) => part.replace(/^[\s:=>–—→-]+|\s+$/gu, '').replace(/^(?:and|&)\s+/iu, ''))
    .map((part) => part.replace(/^(?:more|less)\s*:\s*/iu, ''))
    .filter((part) => part !== '');
  return [...parts.flatMap((part) => segmentOf(part, system) ?? []), ...(reason ? [reason] : [])];
}

/** Null for a part that says nothing: a placeholder. */
function segmentOf(part: string, system: System): Segment | null {
  const plain = likened(part);
  const verb = verbOf(part);
  if (verb) return verb;
  const environment = ENVIRONMENT.exec(plain.replace(/^env(?:ironment)?\s*[:=]?\s*/u, ''))?.[1];
  if (environment !== undefined) return { kind: 'environment', name: environment };
  const named = /^env(?:ironment)?\s*[:=]\s*(.*)$/iu.exec(part)?.[1];
  if (named !== undefined) return filled(named, (name) => ({ kind: 'environment', name }));
  const until =
    /^(?:until|till)\s*[:=]?\s*(.*)$/iu.exec(part)?.[1] ??
    /^for\s+(?:\d+|an?|one|two|three|six)\s.*$/iu.exec(part)?.[0];
  if (until !== undefined) return filled(until, (value) => ({ kind: 'until', value }));
  const attribute = attributeOf(part, system);
  if (attribute !== undefined) return attribute;
  return sameAsOf(part) ?? filled(part, () => ({ kind: 'value', value: withoutQuotes(part) }));
}

/** Undefined where no label stands. With a colon a label is always one; without, only where the system has that attribute: "Team Lead" may be a role. */
function attributeOf(part: string, system: System): Segment | null | undefined {
  const has = (attribute: EntitlementAttribute): boolean =>
    attribute === 'permission_sets' || system.requires.includes(attribute);
  for (const [attribute, form] of PREFIXED) {
    const found = form.exec(part);
    if (!found || (found[1] === undefined && !has(attribute))) continue;
    const value = found[1] ?? found[2] ?? '';
    return (
      verbOf(value) ??
      sameAsOf(value) ??
      filled(value, () => ({ kind: 'attribute', attribute, value: withoutQuotes(value) }))
    );
  }
  for (const [attribute, form] of SUFFIXED) {
    const value = form.exec(part)?.[1];
    if (value !== undefined && has(attribute) && attribute !== 'permission_sets')
      return { kind: 'attribute', attribute, value: withoutQuotes(value) };
  }
  return undefined;
}

function verbOf(part: string): Segment | null {
  const plain = likened(part);
  if (REMOVE.test(plain)) return { kind: 'remove' };
  return NONE.test(plain) ? { kind: 'none' } : null;
}

function sameAsOf(part: string): Segment | null {
  const found = SAME_AS.exec(part);
  return found ? { kind: 'same-as', colleague: (found[1] ?? 'a colleague').trim() } : null;
}

function filled(value: string, segment: (value: string) => Segment): Segment | null {
  const said = withoutPlaceholder(value);
  return said === '' ? null : segment(said);
}

const withoutQuotes = (value: string): string =>
  value
    .trim()
    .replace(/^["'“”‘’«](.*)["'“”‘’»]$/u, '$1')
    .replace(/^\(([^()]*)\)$/u, '$1')
    .trim();
