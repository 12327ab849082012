import { ADDRESS_COLUMNS } from './fields';
import type { Address } from './account';

/** What somebody filled into the `[User Input]` fields of an account, as Salesforce has it; null: left empty. */
export interface OverrideForm {
  readonly employees: string | null;
  readonly employeesSource: string | null;
  readonly address: Address;
  readonly addressSource: string | null;
}

export interface FormRules {
  /** Sites that are no source, with all below them: `linkedin.com`. */
  readonly notSources: readonly string[];
  readonly mostEmployees: number;
}

/** What is asked for, once the form is right. */
export interface OverrideValues {
  readonly employees: { readonly count: number; readonly source: string } | null;
  readonly address: { readonly address: Address; readonly source: string } | null;
}

/** What is wrong with a form: the field as people see it, and how to mend it. */
export interface FormProblem {
  readonly field: string;
  readonly problem: string;
  readonly mend: string;
}

/** Texts of a form are kept up to this length; Salesforce's own fields hold less. */
const LONGEST = 255;

/**
 * "The owner fills [User Input] fields with a source URL." What is filled must be readable, and each of the two, employees and address, needs
 * its own source. "LinkedIn and websites are not sources": neither counts, nor does the account's own site, since a company says
 * of itself what it likes; "valid proof: filings, press, company reports".
 *
 * @param website the account's own, as Salesforce has it
 */
export function readOverride(
  form: OverrideForm,
  website: string | null,
  rules: FormRules,
): { readonly values: OverrideValues; readonly problems: readonly FormProblem[] } {
  const problems: FormProblem[] = [];
  const count = form.employees === null ? null : readCount(form.employees, rules, problems);
  const hasAddress = ADDRESS_COLUMNS.some((part) => form.address[part] !== null);
  if (form.employees === null && !hasAddress)
    problems.push({
      field: 'User Input',
      problem: 'nothing is asked for',
      mend: 'Fill the number of employees, or the address, or both.',
    });
  if (hasAddress && form.address.country === null)
    problems.push({
      field: 'Address Country',
      problem: 'is empty',
      mend: 'A territory is found by the country first: fill it.',
    });
  const ofEmployees = form.employees === null ? null : form.employeesSource;
  const ofAddress = hasAddress ? form.addressSource : null;
  if (form.employees !== null) checkSource('Employee Source', ofEmployees, website, rules, problems);
  if (hasAddress) checkSource('Address Source', ofAddress, website, rules, problems);
  return {
    problems,
    values: {
      employees: count !== null && ofEmployees !== null ? { count, source: ofEmployees } : null,
      address: hasAddress && ofAddress !== null ? { address: form.address, source: ofAddress } : null,
    },
  };
}

/** `1,200`, `1 200`, `1.200`: a number as people write it, in groups of three. */
function readCount(text: string, { mostEmployees }: FormRules, problems: FormProblem[]): number | null {
  const field = 'Employee Count';
  const digits = text.trim();
  const plain = /^\d{1,3}([,.' \u00a0\u202f])\d{3}(?:\1\d{3})*$/.test(digits)
    ? digits.replace(/\D/g, '')
    : digits;
  if (!/^\d{1,12}$/.test(plain)) {
    problems.push({ field, problem: 'is not a whole number', mend: 'Write digits alone: 1200.' });
    return null;
  }
  const count = Number(plain);
  if (count <= mostEmployees) return count;
  problems.push({
    field,
    problem: `is more than ${mostEmployees}`,
    mend: 'Nobody has so many employees: look at the source again.',
  });
  return null;
}

function checkSource(
  field: string,
  source: string | null,
  website: string | null,
  rules: FormRules,
  problems: FormProblem[],
): void {
  const why = whyNoSource(source, website, rules);
  if (why) problems.push({ field, ...why });
}

const NAME_A_SOURCE =
  'Name the address of a filing, of press, or of a report of the company, beginning with https://.';

/** Why an address doesn't count as a source, or null. */
export function whyNoSource(
  source: string | null,
  website: string | null,
  { notSources }: Pick<FormRules, 'notSources'>,
): Omit<FormProblem, 'field'> | null {
  if (source === null) return { problem: 'is empty', mend: NAME_A_SOURCE };
  const host = hostOf(source);
  if (host === null || source.length > LONGEST)
    return { problem: 'is no address of a page', mend: NAME_A_SOURCE };
  const refused = notSources.find((site) => isWithin(host, site));
  if (refused !== undefined) return { problem: `${refused} does not count as a source`, mend: NAME_A_SOURCE };
  const own = website === null ? null : hostOf(website.includes('://') ? website : `https://${website}`);
  if (own !== null && isWithin(host, own.replace(/^www\./, '')))
    return { problem: "the account's own site does not count as a source", mend: NAME_A_SOURCE };
  return null;
}

const isWithin = (host: string, site: string): boolean => host === site || host.endsWith(`.${site}`);

/** The host that an address names, in lower case; null where it names none. Without a user name: those hide where a link goes. */
function hostOf(address: string): string | null {
  const [, host] =
    /^https?:\/\/([a-z0-9.-]+\.[a-z][a-z0-9-]*\.?)(?::\d{1,5})?(?:[/?#]\S*)?$/i.exec(address.trim()) ?? [];
  return host === undefined ? null : host.toLowerCase().replace(/\.$/, '');
}
