import type { FormAccess, FormKind, FormPerson, FormProblem, FormReading } from './form';
import { readAccess, type AccessReading, type AskedSystem } from './form-access';
import { formLines, type FormLine } from './form-lines';
import { readPeople } from './form-people';
import { problemAt, problemOfAll } from './form-problem';
import { hasFormHeadings, sectionsOf, sortForm, type SortedForm } from './form-sorting';
import { SystemNames } from './form-systems';
import { readUntil } from './form-until';
import type { RequestPolicy, System } from './handbook';

/** What a template carries, so that its form is known whatever becomes of its headings: `<!-- daytwo:form:bulk -->`. */
export const formMark = (kind: FormKind): string => `<!-- daytwo:form:${kind} -->`;
const FORM_MARK = /<!--\s*daytwo:form:(single|bulk|change)\s*-->/i;

/** The kind of form that a text's mark says it is; null without one. */
export function markedKind(text: string): FormKind | null {
  const word = FORM_MARK.exec(text)?.[1]?.toLowerCase();
  return word === 'single' || word === 'bulk' || word === 'change' ? word : null;
}

/**
 * Reads what people file, as they write it. A line asks for access if it begins with a system's name: one that the template
 * offers once its box is ticked or something is filled in, one that people wrote themselves always.
 *
 * "One line per system: `- [ ] System name: which vault/group/channel/project/role?` plus a nested `Justification for this
 * access` line" (the access-request page).
 *
 * @param text the description without daytwo's own block
 * @returns null for a text that asks for nothing: no form, and no list item begins with a system
 */
export function readForm(
  text: string,
  systems: readonly System[],
  requests: Pick<RequestPolicy, 'mostPeople'>,
): FormReading | null {
  const lines = formLines(text);
  const marked = markedKind(text);
  const isForm = marked !== null || hasFormHeadings(sectionsOf(lines));
  const sorted = sortForm(lines, new SystemNames(systems), isForm);
  if (!isForm && sorted.asked.length === 0) return null;
  const given = marked ?? kindByHeadings(sorted, isForm);
  const { kind, readings } = readAll(sorted.asked, given);
  const people = readPeople(kind, sorted.person, sorted.people, requests.mostPeople);
  const access = onceEach(readings, systems, lines);
  const untils = [...sorted.untils, ...untilsOf(readings, sorted.asked)];
  const { until, problems: untilProblems } = readUntil(untils, access.access.length);
  const problems = [
    ...sorted.problems,
    ...people.problems,
    ...readings.flatMap((reading) => reading.problems),
    ...access.problems,
    ...untilProblems,
  ];
  const asksNothing = readings.every((reading) => reading.access === null && reading.problems.length === 0);
  if (asksNothing && sorted.problems.length === 0) problems.push(NOTHING_ASKED);
  const justifications = [...sorted.justifications, ...readings.flatMap((one) => one.justifications)];
  return {
    kind: kind === 'single' && isMany(people.people, people.attachment) ? 'bulk' : kind,
    people: people.people,
    access: access.access,
    until,
    justification: justifications.length > 0 ? [...new Set(justifications)].join('\n') : null,
    attachment: people.attachment,
    problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  };
}

const NOTHING_ASKED: FormProblem = problemOfAll(
  'At least one system is asked for: tick its box and fill in what stands behind it, or write a line such as "- Chorus: role: …".',
);

const isMany = (people: readonly FormPerson[], attachment: string | null): boolean =>
  people.length > 1 || attachment !== null;

function kindByHeadings({ sections }: SortedForm, isForm: boolean): FormKind | null {
  if (!isForm) return null;
  if (sections.has('change') || sections.has('remove')) return 'change';
  return sections.has('people') ? 'bulk' : 'single';
}

/** Where nothing says what kind of request it is, one that only takes access away is a change. */
function readAll(
  asked: readonly AskedSystem[],
  given: FormKind | null,
): { readonly kind: FormKind; readonly readings: readonly AccessReading[] } {
  const read = (verb: 'grant' | 'change', none: 'remove' | 'unclear'): readonly AccessReading[] =>
    asked.map((one) => readAccess(one, verb, none));
  if (given === 'change') return { kind: given, readings: read('change', 'remove') };
  if (given !== null) return { kind: given, readings: read('grant', 'unclear') };
  const removals = read('change', 'remove');
  return removals.length > 0 && removals.every((one) => one.access?.verb === 'remove')
    ? { kind: 'change', readings: removals }
    : { kind: 'single', readings: read('grant', 'unclear') };
}

const untilsOf = (readings: readonly AccessReading[], asked: readonly AskedSystem[]): SortedForm['untils'] =>
  readings.flatMap((reading, index) => {
    const line = asked[index]?.line;
    return line ? reading.untils.map((value) => ({ value, line, ofSystem: true })) : [];
  });

/** Each system once; said twice with different values, somebody must say which counts. */
function onceEach(
  readings: readonly AccessReading[],
  systems: readonly System[],
  lines: readonly FormLine[],
): { readonly access: readonly FormAccess[]; readonly problems: readonly FormProblem[] } {
  const bySystem = new Map<string, FormAccess>();
  const problems: FormProblem[] = [];
  for (const { access } of readings) {
    if (!access) continue;
    const before = bySystem.get(access.system);
    if (!before) bySystem.set(access.system, access);
    else if (JSON.stringify({ ...before, line: 0 }) !== JSON.stringify({ ...access, line: 0 })) {
      const line = lines[access.line - 1];
      const name = systems.find(({ key }) => key === access.system)?.name ?? access.system;
      if (line)
        problems.push(
          problemAt(
            line,
            `${name} stands here a second time and asks for something else: keep one of the lines.`,
          ),
        );
    }
  }
  return { access: [...bySystem.values()], problems };
}
