import type { FormProblem } from './form';
import type { AskedSystem } from './form-access';
import { labelledLine, sectionOf, type Section } from './form-labels';
import type { FormLine } from './form-lines';
import type { PersonLine } from './form-people';
import { cut, problemAt } from './form-problem';
import { segmentsOf } from './form-segments';
import type { NamedSystem, SystemNames } from './form-systems';
import { AccessTable } from './form-table';
import type { UntilLine } from './form-until';

/** The lines of a form by what they are about. */
export interface SortedForm {
  /** Sections that a heading begins. */
  readonly sections: ReadonlySet<Section>;
  readonly asked: readonly AskedSystem[];
  readonly person: readonly PersonLine[];
  /** Lines on which people may stand, all lines of the text; those of something else are empty. */
  readonly people: readonly FormLine[];
  readonly untils: readonly UntilLine[];
  readonly justifications: readonly string[];
  readonly problems: readonly FormProblem[];
}

const ACCESS: readonly Section[] = ['access', 'change', 'remove'];
const PEOPLE: readonly Section[] = ['person', 'people'];

export const sectionsOf = (lines: readonly FormLine[]): ReadonlySet<Section> =>
  new Set(lines.filter(({ heading }) => heading).map(({ text }) => sectionOf(text)));

/** A form has a mark, or headings for people and for access; all else is a discussion that may ask for something. */
export const hasFormHeadings = (sections: ReadonlySet<Section>): boolean =>
  PEOPLE.some((section) => sections.has(section)) && ACCESS.some((section) => sections.has(section));

/** Begins a list item that takes access away, or gives it: "Remove RingLead", "Access to Chorus: …". */
const REMOVING =
  /^(?:please )?(?:remove|revoke|take away|no longer needs?|deprovision|drop)\s+(?:access (?:to|from|for) )?/iu;
const GIVING =
  /^(?:please )?(?:(?:add|grant|give|needs?|change|upgrade|downgrade|more|less)\s+)?(?:access (?:to|in|for) )?(?:systems?(?: name)?\s*:\s*)?/iu;
/** What may follow the name of a system if the line asks for it, rather than telling something of it. */
const SEPARATED = /^\s*(?:$|[:=;,&+|([–—→>-]|and\s|(?:like|same)\s)/iu;
/** Signs of one line about a system. */
const LONGEST_LINE = 2000;
const BETWEEN_SYSTEMS = /[;,&+]|\sand\s/giu;

/** @param isForm people filled in a template; lines that aren't list items count there too */
export function sortForm(lines: readonly FormLine[], names: SystemNames, isForm: boolean): SortedForm {
  return new Sorter(lines, names, isForm).sort();
}

interface Asked extends AskedSystem {
  readonly rests: string[];
  readonly indent: number;
}

class Sorter {
  readonly #sections: ReadonlySet<Section>;
  readonly #asked: Asked[] = [];
  readonly #person: PersonLine[] = [];
  readonly #people: FormLine[] = [];
  readonly #untils: UntilLine[] = [];
  readonly #justifications: string[] = [];
  readonly #problems: FormProblem[] = [];
  readonly #table = new AccessTable();
  #section: Section = 'other';

  constructor(
    private readonly lines: readonly FormLine[],
    private readonly names: SystemNames,
    private readonly isForm: boolean,
  ) {
    this.#sections = sectionsOf(lines);
  }

  sort(): SortedForm {
    for (const line of this.lines)
      this.#people.push(this.#take(line) ? line : { ...line, raw: '', shown: '', text: '' });
    return {
      sections: this.#sections,
      asked: this.#asked,
      person: this.#person,
      people: this.#people,
      untils: this.#untils,
      justifications: this.#justifications,
      problems: this.#problems,
    };
  }

  /** Whether people may stand on the line. */
  #take(line: FormLine): boolean {
    const peopleHere = this.#inPeople(line);
    if (line.fenced || line.skipped) return peopleHere;
    if (line.heading) this.#begin(sectionOf(line.text));
    if (line.text === '' || line.heading) return false;
    if (PEOPLE.includes(this.#section)) return !this.#labelled(line);
    if (this.#tooLong(line) || this.#labelled(line)) return false;
    if (this.#below(line) || this.#asks(line) || this.#prose(line)) return false;
    return peopleHere;
  }

  /** Nobody writes so much of one system; reading it would take long. */
  #tooLong(line: FormLine): boolean {
    if (line.text.length <= LONGEST_LINE) return false;
    if (this.#section === 'justification') this.#justifications.push(line.text.slice(0, LONGEST_LINE));
    else if (this.#named(line.text.slice(0, LONGEST_LINE), !this.isForm))
      this.#problems.push(
        problemAt(
          line,
          `A line about a system has at most ${LONGEST_LINE.toLocaleString('en')} signs: split it.`,
        ),
      );
    return true;
  }

  #begin(section: Section): void {
    this.#section = section;
    this.#table.end();
  }

  /** Where a heading says so; where none does, in lists, tables and code blocks. */
  #inPeople(line: FormLine): boolean {
    if (PEOPLE.includes(this.#section))
      return line.fenced || line.raw.trimStart().match(/^(?:```|~~~)/) !== null;
    if (PEOPLE.some((section) => this.#sections.has(section)) || this.#section !== 'other') return false;
    return (
      (line.bullet || line.table || line.fenced) && !line.skipped && (line.table || line.shown.includes('@'))
    );
  }

  #labelled(line: FormLine): boolean {
    const bareUntil = /^(?:access )?until\s+(\S.*)$/iu.exec(line.text)?.[1];
    const found =
      bareUntil === undefined ? labelledLine(line.text) : ({ label: 'until', value: bareUntil } as const);
    if (!found) return false;
    const { label, value } = found;
    if (label === 'until') {
      if (value !== '') this.#untils.push({ value, line, ofSystem: this.#belowAsked(line) !== undefined });
    } else if (label === 'justification') {
      if (value !== '') this.#justifications.push(value);
    } else if (ACCESS.includes(this.#section) || this.#belowAsked(line)) return false;
    else this.#person.push({ label, value, line });
    return true;
  }

  #belowAsked(line: FormLine): Asked | undefined {
    const last = this.#asked.at(-1);
    return last && line.indent > last.indent && line.number > last.line.number ? last : undefined;
  }

  /** A line below that of a system: more of what is asked for there, or why. */
  #below(line: FormLine): boolean {
    const asked = this.#belowAsked(line);
    if (!asked || line.table || this.#named(line.text, true)) return false;
    const says = segmentsOf(line.text, asked.system).some(({ kind }) => kind !== 'value' && kind !== 'none');
    const goesOn = /[,;:]\s*$/.test(asked.rests.at(-1) ?? '');
    if (says || goesOn) asked.rests.push(line.text);
    else this.#justifications.push(line.text);
    return true;
  }

  /** A line that asks for one or several systems, or that should. */
  #asks(line: FormLine): boolean {
    const inAccess = this.isForm && (ACCESS.includes(this.#section) || !this.#hasAccessHeading());
    const text = line.table && inAccess ? this.#table.row(line.text, this.names) : line.text;
    if (text === null) return true;
    if (!line.bullet && !line.table) this.#table.end();
    const listed = line.bullet || (line.table && ACCESS.includes(this.#section));
    if (!listed && !inAccess) return false;
    const named = this.#named(text, !(listed && ACCESS.includes(this.#section)));
    if (!named) return inAccess && this.#unclear(line, text, listed);
    for (const one of this.#split(named))
      this.#asked.push({
        system: one.system,
        line,
        rests: [one.rest],
        remove: this.#section === 'remove' || REMOVING.test(text),
        onlyIfFilled: line.offered && line.box !== 'ticked',
        indent: line.indent,
      });
    return true;
  }

  /** A line of a form where systems stand, and that begins with none that is known. */
  #unclear(line: FormLine, text: string, listed: boolean): boolean {
    const amongSystems = ACCESS.includes(this.#section);
    if (listed && (amongSystems || (line.box !== null && !text.includes('@')))) {
      const name = cut(text.replace(REMOVING, '').replace(/\s*(?:[:=;,(]|\s[-–—]\s).*$/u, ''), 60);
      this.#problems.push(problemAt(line, this.names.expectedFor(name)));
      return true;
    }
    const mentioned = amongSystems ? this.names.mentionedIn(text) : null;
    if (!mentioned) return false;
    const expected = `Put "${mentioned.name}: …" at the beginning of a line of its own, or take this line away.`;
    this.#problems.push(problemAt(line, expected));
    return true;
  }

  #hasAccessHeading = (): boolean => ACCESS.some((section) => this.#sections.has(section));

  /** The system that a text begins with, words of giving and taking aside. */
  #named(text: string, strictly: boolean): NamedSystem | null {
    for (const start of [text, text.replace(REMOVING, ''), text.replace(GIVING, '')]) {
      const named = this.names.at(start);
      if (named && (!strictly || SEPARATED.test(named.rest))) return named;
    }
    return null;
  }

  /** `RingLead: User; Clari: Rep` are two systems, `Clari, Chorus and RingLead` three. */
  #split(named: NamedSystem): readonly NamedSystem[] {
    for (const sign of named.rest.matchAll(BETWEEN_SYSTEMS)) {
      const next = this.names.at(named.rest.slice(sign.index + sign[0].length));
      if (!next) continue;
      const before = named.rest.slice(0, sign.index);
      const begins =
        sign[0] === ';' || before.trim() === '' ? SEPARATED.test(next.rest) : /^\s*[:=]/.test(next.rest);
      if (begins) return [{ system: named.system, rest: before }, ...this.#split(next)];
    }
    return [named];
  }

  /** Text below a heading that isn't a list of systems. */
  #prose(line: FormLine): boolean {
    if (/^cc\b/i.test(line.text)) return true;
    if (this.#section === 'justification') this.#justifications.push(line.text);
    else if (this.#section === 'until') this.#untils.push({ value: line.text, line, ofSystem: false });
    else return false;
    return true;
  }
}
