import { BOOKING_RECORDS, type BookingFields, type BookingRecord } from '../../domain/close/booking-rows';
import type { ColumnKind } from '../../domain/close/columns';
import type { FieldSource, FieldType, ObjectSource } from './schema';

/** What the org keeps of a booking beside its usual fields, made from what the booking checks look at. */

const TYPES: Readonly<Record<ColumnKind, FieldType>> = {
  text: 'string',
  cents: 'currency',
  hundredths: 'percent',
  whole: 'int',
  day: 'date',
  instant: 'datetime',
  flag: 'boolean',
};

/** Objects, and the columns that are usual fields of theirs. All else is a custom field. */
const OBJECTS: Readonly<Record<BookingRecord, readonly [string, Readonly<Record<string, string>>]>> = {
  opportunity: [
    'Opportunity',
    {
      accountId: 'AccountId',
      ownerId: 'OwnerId',
      stage: 'StageName',
      type: 'Type',
      closeDate: 'CloseDate',
      createdAt: 'CreatedDate',
      amount: 'Amount',
    },
  ],
  account: ['Account', { ownerId: 'OwnerId' }],
  quote: ['Quote__c', {}],
  subscription: ['Subscription__c', {}],
  line: [
    'OpportunityLineItem',
    { opportunityId: 'OpportunityId', description: 'Description', total: 'TotalPrice' },
  ],
  document: ['Booking_Document__c', { addedAt: 'CreatedDate' }],
  submission: [
    'ProcessInstance',
    { opportunityId: 'TargetObjectId', at: 'CreatedDate', byId: 'SubmittedById' },
  ],
  approval: ['Booking_Approval__c', { at: 'CreatedDate' }],
  split: [
    'OpportunitySplit',
    { opportunityId: 'OpportunityId', ownerId: 'SplitOwnerId', share: 'SplitPercentage' },
  ],
};

/** `paymentTermDays` is `Payment_Term_Days__c`; a reference is named without its id. */
const customName = (column: string): string =>
  `${column
    .replace(/Id$/, '')
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .replace(/^[a-z]/, (letter) => letter.toUpperCase())}__c`;

/** Where this org keeps what: as `config/booking-fields.yml` says it. */
export const SANDBOX_FIELDS = Object.fromEntries(
  Object.entries(OBJECTS).map(([record, [object, usual]]) => [
    record,
    {
      object,
      fields: Object.fromEntries(
        Object.keys(BOOKING_RECORDS[record as BookingRecord]).map((column) => [
          column,
          usual[column] ?? customName(column),
        ]),
      ),
    },
  ]),
) as BookingFields;

const REFERENCES: Readonly<Record<string, string>> = {
  Opportunity__c: 'Opportunity',
  Account__c: 'Account',
  Quote__c: 'Quote__c',
  Subscription__c: 'Subscription__c',
};

/** The custom fields of a record. */
export function bookingFields(record: BookingRecord): readonly FieldSource[] {
  const columns: Readonly<Record<string, ColumnKind>> = BOOKING_RECORDS[record];
  return Object.entries(SANDBOX_FIELDS[record].fields)
    .filter(([, name]) => name.endsWith('__c'))
    .map(([column, name]): FieldSource => {
      const to = REFERENCES[name];
      if (to !== undefined && column.endsWith('Id')) return [name, 'reference', { to: [to] }];
      return column === 'lines' || column === 'reason'
        ? [name, 'textarea', { length: 32_000 }]
        : [name, TYPES[columns[column] ?? 'text'], {}];
    });
}

const own = (
  record: BookingRecord,
  label: string,
  keyPrefix: string,
  more: readonly FieldSource[] = [],
): ObjectSource => ({
  name: SANDBOX_FIELDS[record].object,
  label,
  keyPrefix,
  can: ['create', 'update', 'delete'],
  fields: [...more, ...bookingFields(record)],
});

export const BOOKING_OBJECTS: readonly ObjectSource[] = [
  own('quote', 'Quote', 'a0Q'),
  own('subscription', 'Subscription', 'a0S'),
  own('document', 'Booking Document', 'a0D'),
  own('approval', 'Booking Approval', 'a0A'),
  own('line', 'Opportunity Product', '00k', [
    ['OpportunityId', 'reference', { to: ['Opportunity'] }],
    ['Description', 'string', { length: 255 }],
    ['TotalPrice', 'currency'],
  ]),
];
