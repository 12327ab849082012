import { makeId } from '../ids';
import { NOT_PARENTED } from '../objects-territory';
import type { AccountDraft } from './draft';
import type { Dice } from './dice';

/** What was planted: in which account, and what kind. Of a cycle, one entry a member. */
export interface Planted {
  readonly account: string;
  readonly kind: string;
}

type Spoil = (draft: AccountDraft, dice: Dice) => void;
const EMPLOYEES = ['Admin_Manual_Employees__c', 'ZoomInfo_Employees__c', 'DataFox_Employees__c'] as const;
const employees =
  (text: string | null): Spoil =>
  ({ values }) => {
    for (const field of EMPLOYEES) values[field] = null;
    values['ZoomInfo_Employees__c'] = text;
  };
const set =
  (more: AccountDraft['values']): Spoil =>
  ({ values }) =>
    void Object.assign(values, more);
const PREFIXES = ['Admin_Manual', 'ZoomInfo', 'DataFox'];

/** What is wrong or special in accounts as people keep them. */
const KINDS: Readonly<Record<string, Spoil>> = {
  'missing-parent': set({ ParentId: makeId('001', 839_299_365_868_340_000) }),
  'employees-unreadable': employees('several hundred'),
  'employees-too-many': employees('1000000000'),
  'employees-minus-one': employees('-1'),
  'employees-zero': employees('0'),
  'employees-grouped': employees('1,200'),
  'employees-blank': employees(null),
  'country-unknown': ({ values }) => {
    for (const prefix of PREFIXES) values[`${prefix}_Country__c`] = null;
    values['ShippingCountry'] = null;
    for (const field of ['ZoomInfo_Country__c', 'BillingCountry']) values[field] = 'Freedonia';
  },
  'post-code-dirty': ({ values }) => {
    const code = String(values['ZoomInfo_Post_Code__c'] ?? '94105').toLowerCase();
    values['ZoomInfo_Post_Code__c'] = ` ${code.slice(0, 3)} ${code.slice(3)}`;
  },
  'name-formula': set({ Name: '=HYPERLINK("https://x.example","<b>A & B</b>")' }),
  'not-a-parent': ({ values }, dice) => {
    if (values['ParentId'] !== null) values['Parent_Relation__c'] = dice.pick(NOT_PARENTED);
  },
  named: set({ Named_Account__c: true }),
  'public-sector': set({ PubSec_Account__c: true }),
  channel: set({ Channel_Account__c: true }),
  'holding-company': set({ Holding_Company__c: true }),
  'hierarchy-override': set({ Override_Hierarchy_Routing__c: true }),
  embargo: set({ Embargoed__c: true }),
};

/** Spoils one in so many accounts, kind by kind, and closes a few families to cycles. Each is written down. */
export function spoil(
  families: readonly (readonly AccountDraft[])[],
  oneIn: number,
  dice: Dice,
): readonly Planted[] {
  const planted: Planted[] = [];
  const kinds = Object.entries(KINDS);
  const accounts = families.flat();
  for (let at = 0, nth = 0; at < accounts.length; at += oneIn, nth++) {
    const draft = accounts[Math.min(at + dice.between(0, oneIn - 1), accounts.length - 1)];
    const [kind, spoilIt] = kinds[nth % kinds.length] ?? [];
    if (!draft || kind === undefined || !spoilIt) continue;
    spoilIt(draft, dice);
    planted.push({ account: draft.id, kind });
  }
  const wanted = Math.ceil(accounts.length / (oneIn * kinds.length));
  // Another fault in it may part a family: then it would be no cycle.
  const spoiled = new Set(planted.map(({ account }) => account));
  const whole = families.filter(
    (family) => family.length > 1 && family.length <= 20 && !family.some(({ id }) => spoiled.has(id)),
  );
  for (const family of whole.slice(0, wanted)) planted.push(...closed(family));
  return planted;
}

/** Its top is put below its last member: all from the one up to the other go in a circle. */
function closed(family: readonly AccountDraft[]): readonly Planted[] {
  const [top, last] = [family[0], family.at(-1)];
  if (!top || !last) return [];
  const byId = new Map(family.map((draft) => [draft.id, draft]));
  const members: Planted[] = [];
  for (let at: AccountDraft | undefined = last; at; at = byId.get(String(at.values['ParentId']))) {
    members.push({ account: at.id, kind: 'cycle' });
    if (at === top) break;
  }
  top.values['ParentId'] = last.id;
  return members;
}
