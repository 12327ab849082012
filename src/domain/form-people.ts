import type { FormKind, FormPerson, FormProblem } from './form';
import type { FormLine } from './form-lines';
import { problemAt, problemOfAll } from './form-problem';
import { isAddress, isFormula, plainAddress, plainCell } from './people-columns';
import { readPeopleTable } from './people-table';

/** A line that names something of the one person whom a form is for. */
export interface PersonLine {
  readonly label: 'name' | 'email' | 'manager';
  readonly value: string;
  readonly line: FormLine;
}

export interface PeopleReading {
  readonly people: readonly FormPerson[];
  readonly attachment: string | null;
  readonly problems: readonly FormProblem[];
}

const ATTACHMENT = /\]\(\s*<?((?:https?:\/\/[^\s()<>]*)?\/uploads\/[0-9a-f]{32}\/[^\s()<>/\\]+)>?[^()]*\)/giu;

/**
 * Whom a form is for: labelled lines for one, a table, a list or an attachment for many. Nobody named on a form for one person
 * means the requester.
 *
 * @param lines those on which people may stand; all of the text's, the others without content, so that line numbers hold
 */
export function readPeople(
  kind: FormKind | null,
  labelled: readonly PersonLine[],
  lines: readonly FormLine[],
  most: number,
): PeopleReading {
  const attached = attachmentOf(lines);
  const one = labelledPerson(labelled);
  const table = readPeopleTable(lines.map(withoutAttachment).join('\n'), most);
  const people = [...one.people, ...table.people];
  const problems = [...one.problems, ...table.problems, ...attached.problems];
  if (kind === 'bulk' && people.length === 0 && attached.attachment === null && problems.length === 0)
    problems.push(
      problemOfAll(
        'The people stand below the heading "People": a table or a list with their e-mail addresses.',
      ),
    );
  return { people, attachment: attached.attachment, problems };
}

const withoutAttachment = ({ shown }: FormLine): string => (shown.includes('/uploads/') ? '' : shown);

function labelledPerson(labelled: readonly PersonLine[]): Omit<PeopleReading, 'attachment'> {
  const given = (label: PersonLine['label']): PersonLine | undefined =>
    labelled.find((one) => one.label === label && one.value !== '');
  const problems: FormProblem[] = [];
  const [name, email, manager] = [given('name'), given('email'), given('manager')];
  for (const one of [name, email, manager])
    if (one && isFormula(one.value))
      problems.push(problemAt(one.line, 'Plain text stands here; it may not begin with =, +, - or @.'));
  if (!email && name)
    problems.push(
      problemAt(
        name.line,
        'Write the e-mail address of this person too; if it is for yourself, leave the name empty.',
      ),
    );
  const address = plainAddress(email?.value ?? '');
  if (email && !isAddress(address))
    problems.push(
      problemAt(email.line, 'A whole e-mail address stands here, such as ann.example@example.com.'),
    );
  const managerAddress = plainAddress(manager?.value ?? '');
  if (manager && managerAddress.includes('@') && !isAddress(managerAddress))
    problems.push(problemAt(manager.line, "The manager's whole e-mail address stands here, or nothing."));
  const repeated = labelled.filter((one) => one.label === 'email' && one.value !== '').slice(1);
  for (const { line } of repeated)
    problems.push(problemAt(line, 'Only one person stands on this form; several go into a bulk request.'));
  if (!email || problems.length > 0) return { people: [], problems };
  const person: FormPerson = {
    line: email.line.number,
    name: name ? plainCell(name.value) : null,
    email: address,
    managerEmail: managerAddress.includes('@') ? managerAddress : null,
  };
  return { people: [person], problems };
}

function attachmentOf(lines: readonly FormLine[]): Pick<PeopleReading, 'attachment' | 'problems'> {
  const links = lines.flatMap((line) =>
    [...line.shown.matchAll(ATTACHMENT)].map((found) => ({ line, path: found[1] ?? '' })),
  );
  const [first, second] = links;
  if (!first) return { attachment: null, problems: [] };
  const path = /\/uploads\/.*$/u.exec(first.path)?.[0] ?? '';
  const problems: FormProblem[] = [];
  if (!first.path.startsWith('/uploads/'))
    problems.push(
      problemAt(first.line, 'The file is attached to this issue itself: drop it into the description.'),
    );
  else if (!/\.csv$/i.test(path))
    problems.push(problemAt(first.line, 'The attached file is CSV: save the sheet as CSV and attach that.'));
  if (second) problems.push(problemAt(second.line, 'One file with all the people is attached, not several.'));
  return problems.length > 0 ? { attachment: null, problems } : { attachment: path, problems };
}
