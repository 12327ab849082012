/** What a connector may be asked: DESIGN's capabilities, for the systems that have an API for them. */
export interface GrantItem {
  /** Comes back with the outcome. */
  readonly id: string;
  readonly person: GrantPerson;
  readonly access: RequestedAccess;
  /** When this was first asked for (ISO): an account made since then was made by us, whatever answer got lost. */
  readonly since: string;
}

export interface GrantPerson {
  readonly employeeId: string;
  readonly email: string;
  readonly name: string;
  readonly title: string;
  readonly department: string;
  readonly division: string;
  readonly timeZone: string;
  readonly managerEmail: string | null;
}

/** One way of one system, with the values that were approved. */
export interface RequestedAccess {
  readonly way: AccessWay;
  readonly system: string;
  readonly role?: string;
  readonly profile?: string;
  readonly team?: string;
  readonly licenceType?: string;
  readonly permissionSets?: readonly string[];
}

export type AccessWay =
  | { readonly kind: 'salesforce-user' }
  | {
      readonly kind: 'salesforce-psl';
      readonly permissionSetLicense: string;
      readonly permissionSet: string | null;
    }
  | { readonly kind: 'salesforce-package'; readonly namespace: string }
  | { readonly kind: 'scim'; readonly connection: string }
  | { readonly kind: 'okta-group'; readonly group: string };

/** One person's result; one bad member never fails the others. */
export type AccessOutcome =
  | { readonly kind: 'granted'; readonly verified: boolean; readonly detail?: string }
  | { readonly kind: 'already'; readonly verified: boolean; readonly detail?: string }
  | { readonly kind: 'waiting_for_seat'; readonly licence: string }
  | { readonly kind: 'needs_person'; readonly problem: string; readonly mend: string }
  | { readonly kind: 'revoked'; readonly verified: boolean }
  | { readonly kind: 'not_applicable'; readonly reason: string };

export interface Account {
  readonly system: string;
  readonly email: string;
  readonly id: string;
  readonly state: 'active' | 'frozen' | 'inactive';
  readonly role?: string;
  readonly licence?: string;
  readonly lastLogin?: string;
}

export interface Connector {
  find(way: AccessWay, emails: readonly string[]): Promise<readonly Account[]>;
  /** An outcome for each that was tried; one is missing only where what it hangs on in the same batch did not come about. */
  grant(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>>;
  revoke(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>>;
}

/** Made since we first asked: granted by us, even if the answer to that call was lost. */
export const grantedOrAlready = (
  createdAt: string | undefined,
  since: string,
  detail?: string,
): AccessOutcome => ({
  kind: createdAt !== undefined && Date.parse(createdAt) >= Date.parse(since) - 1000 ? 'granted' : 'already',
  verified: true,
  ...(detail === undefined ? {} : { detail }),
});
