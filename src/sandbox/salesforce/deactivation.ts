import { SalesforceError } from './errors';
import type { Org, OrgSettings } from './org';
import { objects, type Row } from './schema';

/** Settings that name a user, and how the org says that such a user can't be deactivated. */
const SETTINGS: readonly (readonly [keyof OrgSettings, string])[] = [
  [
    'defaultLeadOwner',
    'You cannot deactivate a user who is the default owner of leads. Select another default lead owner first.',
  ],
  [
    'defaultCaseOwner',
    'You cannot deactivate a user who is the default owner of cases. Select another default case owner first.',
  ],
  [
    'automatedCaseUser',
    'You cannot deactivate the automated case user. Select another automated case user first.',
  ],
  [
    'defaultWorkflowUser',
    'You cannot deactivate the Default Workflow User. Select another default workflow user first.',
  ],
  [
    'soleAlertRecipient',
    'This user is the only recipient of a workflow email alert. Add another recipient first.',
  ],
];

const refuse = (message: string): never => {
  throw new SalesforceError('FIELD_INTEGRITY_EXCEPTION', message, ['IsActive']);
};

/** "Deactivation fails while the user is a default owner, sole alert recipient, hierarchy-field value …". @throws SalesforceError */
export function refuseDeactivation(org: Org, user: Row): void {
  for (const [setting, message] of SETTINGS) if (org.settings[setting] === user.Id) refuse(message);
  const hierarchy = objects()
    .find(({ name }) => name === 'User')
    ?.fields.values();
  for (const field of hierarchy ?? [])
    if (
      field.type === 'reference' &&
      field.name.endsWith('__c') &&
      org.where('User', field.name, user.Id).some((other) => other.Id !== user.Id)
    )
      refuse(`Cannot inactivate user that is the value of a hierarchy field: ${field.label}.`);
  const job = org.where('CronTrigger', 'OwnerId', user.Id).find((row) => row['State'] === 'WAITING');
  if (job)
    refuse('There are scheduled jobs for this user. Delete them or schedule them as another user first.');
  if (org.where('Account', 'OwnerId', user.Id).some((account) => account['IsCustomerPortal'] === true))
    refuse('This user owns an account of the customer portal. Give it another owner first.');
}
