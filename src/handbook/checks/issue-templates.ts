import type { FormKind, FormReading } from '../../domain/form';
import type { Section } from '../../domain/form-labels';
import { formLines } from '../../domain/form-lines';
import { formMark, markedKind, readForm } from '../../domain/form-reader';
import { sectionsOf } from '../../domain/form-sorting';
import { PLACEHOLDERS, renderTemplate, unknownPlaceholders } from '../../domain/form-template';
import type { IssueTemplate, System } from '../../domain/handbook';
import type { Problem } from '../problem';
import { ISSUE_TEMPLATES } from '../read-issue-templates';
import type { Reading } from '../reading';

/** Headings without which what is filled in couldn't be found; one of each list. */
const NEEDED: Readonly<Record<FormKind, readonly (readonly Section[])[]>> = {
  single: [['person'], ['access']],
  bulk: [['people'], ['access']],
  change: [['person', 'people'], ['change', 'access'], ['remove']],
};
const AS_WRITTEN: Readonly<Record<Section, string>> = {
  person: '## Person',
  people: '## People',
  access: '## Access',
  change: '## More or less',
  remove: '## None',
  justification: '## Justification',
  until: '## Until',
  other: '',
};

/** Each template is a form, and one that nobody filled in asks for nothing. */
export function checkIssueTemplates(reading: Reading, problems: Problem[]): void {
  for (const template of reading.issueTemplates) {
    const tell = (line: number, problem: string, mend: string, value?: string): void =>
      void problems.push({
        file: `${ISSUE_TEMPLATES}/${template.file}`,
        line,
        problem,
        mend,
        ...(value === undefined ? {} : { value }),
      });
    for (const { word, line } of unknownPlaceholders(template.text))
      tell(
        line,
        'an unknown placeholder',
        `There are: ${PLACEHOLDERS.map((one) => `{${one}}`).join(', ')}.`,
        `{${word}}`,
      );
    const kind = markedKind(template.text);
    if (kind === null)
      tell(
        1,
        'no mark of a form',
        `Put ${formMark('single')}, ${formMark('bulk')} or ${formMark('change')} at the top.`,
      );
    else checkHeadings(template, kind, tell);
    if (kind !== null && reading.systems && reading.people)
      checkUntouched(template, reading.systems.systems, reading.people.provisioningDris, tell);
  }
}

type Tell = (line: number, problem: string, mend: string, value?: string) => void;

function checkHeadings(template: IssueTemplate, kind: FormKind, tell: Tell): void {
  const sections = sectionsOf(formLines(template.text));
  for (const choice of NEEDED[kind])
    if (!choice.some((section) => sections.has(section)))
      tell(
        1,
        'a heading that the form is read by is missing',
        `Add ${choice.map((one) => AS_WRITTEN[one]).join(' or ')}.`,
      );
}

function checkUntouched(
  template: IssueTemplate,
  systems: readonly System[],
  provisioningDris: readonly string[],
  tell: Tell,
): void {
  const rendered = renderTemplate(template.text, { systems, people: { provisioningDris } });
  const read = readForm(rendered, systems, { mostPeople: Number.MAX_SAFE_INTEGER });
  if (!read) return;
  const own = template.text.split(/\r\n|\r|\n/);
  /** Where a line of the published text stands in the file; what a placeholder became, at its beginning. */
  const lineOf = (line: number): number =>
    line < 1 ? 1 : Math.max(1, own.indexOf(rendered.split(/\r\n|\r|\n/)[line - 1] ?? '') + 1);
  for (const { line, quoted, expected } of read.problems)
    if (line !== null)
      tell(lineOf(line), 'a line that is not read as it stands', `It is told: ${expected}`, quoted);
  for (const { line, what } of asks(read))
    tell(
      lineOf(line),
      `asks for something before anybody has filled it in: ${what}`,
      'Put it into a comment, or begin it with {systems}.',
    );
}

function asks(read: FormReading): readonly { line: number; what: string }[] {
  return [
    ...read.access.map(({ line, system }) => ({ line, what: `access to ${system}` })),
    ...read.people.map(({ line }) => ({ line, what: 'access for a person' })),
    ...(read.justification === null ? [] : [{ line: 0, what: 'a justification' }]),
    ...(read.until === null ? [] : [{ line: 0, what: 'an end date' }]),
  ];
}
