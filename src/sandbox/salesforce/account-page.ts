import { escapeHtml } from '../page';
import { REVIEW, STAGING, USER_INPUT } from './objects-territory';
import type { Org } from './org';
import { fieldNamed, known, type Row } from './schema';

const ACTUAL = [
  'OwnerId',
  'Account_Territory__c',
  'Ultimate_Parent_Sales_Segment_Employees__c',
  'Max_Family_Employees__c',
];
const ABOUT = [
  'Type',
  'Industry',
  'CARR__c',
  'Open_Opportunities__c',
  'Open_Pipeline__c',
  'Holdover_Expiration_Date__c',
];
/** Children that are shown; a family may have thousands. */
const CHILDREN = 20;
const FOUND = 50;
const namesOf = (fields: readonly (readonly [string, ...unknown[]])[]): readonly string[] =>
  fields.map(([name]) => name);

const link = ({ Id, Name }: Row): string => `<a href="/${escapeHtml(Id)}">${escapeHtml(String(Name))}</a>`;
const labelOf = (name: string): string => escapeHtml(fieldNamed(known('Account'), name)?.label ?? name);

/** Accounts whose name has these letters, the first of them. */
export function accountList(org: Org, wanted: string): string {
  const found = org
    .rows('Account')
    .filter(({ Name }) => String(Name).toLowerCase().includes(wanted.toLowerCase()))
    .slice(0, FOUND);
  return `<h1>Accounts</h1><form class="bar"><input name="q" value="${escapeHtml(wanted)}" aria-label="Name"> <button>Search</button></form>
<ul>${found.map((row) => `<li>${link(row)}</li>`).join('')}</ul>`;
}

/** An account as its owner sees it: what is true, what planning says, and the review section to fill. */
export function accountPage(
  org: Org,
  row: Row,
  said: { readonly wrong?: string; readonly as?: string },
): string {
  const shown = (name: string): string => {
    const field = fieldNamed(known('Account'), name);
    const value = field ? org.value(known('Account'), row, field) : null;
    const user = field?.type === 'reference' ? org.get('User', value) : undefined;
    if (user) return escapeHtml([user['FirstName'], user['LastName']].filter(Boolean).join(' '));
    return value === null ? '' : escapeHtml(String(value));
  };
  const table = (title: string, names: readonly string[]): string =>
    `<h2>${title}</h2><table class="list">${names.map((name) => `<tr><th>${labelOf(name)}</th><td>${shown(name)}</td></tr>`).join('')}</table>`;
  const parent = org.get('Account', row['ParentId']);
  const children = org.where('Account', 'ParentId', row.Id);
  const more = children.length > CHILDREN ? ` and ${children.length - CHILDREN} more` : '';
  return `<h1>${escapeHtml(String(row['Name']))} <small>${escapeHtml(row.Id)}</small></h1>
${said.wrong === undefined ? '' : `<p class="wrong">${escapeHtml(said.wrong)}</p>`}
<p class="meta">Parent: ${parent ? link(parent) : 'none'} · Below: ${children.slice(0, CHILDREN).map(link).join(', ') || 'none'}${more}</p>
<div class="issue"><div>${table('Account', ABOUT)}${table('Now', ACTUAL)}${table('Territory Success Planning', namesOf(STAGING))}</div>
<aside>${form(org, row, said.as)}${table('Answer', namesOf(REVIEW))}</aside></div>`;
}

function form(org: Org, row: Row, as: string | undefined): string {
  const users = org.rows('User').filter((user) => user['IsActive'] === true);
  const options = (chosen: string, none: boolean): string =>
    [
      none ? '<option value=""></option>' : '',
      ...users.map(
        (user) =>
          `<option value="${escapeHtml(user.Id)}"${user.Id === chosen ? ' selected' : ''}>${escapeHtml(String(user['Username']))}</option>`,
      ),
    ].join('');
  const input = (name: string): string => {
    const value = String(row[name] ?? '');
    const field = fieldNamed(known('Account'), name);
    if (field?.type === 'reference') return `<select name="${name}">${options(value, true)}</select>`;
    if (field?.type === 'textarea')
      return `<textarea name="${name}" rows="2">${escapeHtml(value)}</textarea>`;
    return `<input name="${name}" value="${escapeHtml(value)}">`;
  };
  const lines = namesOf(USER_INPUT).map((name) => `<p><label>${labelOf(name)}<br>${input(name)}</label></p>`);
  const asked = as ?? String(row['OwnerId'] ?? '');
  return `<section><h2>Account Review</h2><form method="post"><p><label>Act as <select name="as">${options(asked, false)}</select></label></p>
${lines.join('')}<button>Ask Sales Operations</button></form></section>`;
}
