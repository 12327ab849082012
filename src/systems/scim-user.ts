/** What daytwo reads of a SCIM user (RFC 7643). */
export interface ScimUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId?: string;
  readonly active?: boolean | string;
  readonly roles?: readonly { readonly value?: string }[];
}

export const scimFilter = (attribute: 'userName' | 'externalId', value: string): string =>
  `${attribute} eq "${value.replace(/["\\]/g, '\\$&')}"`;

/** Some servers send `"False"` as a string. */
export const isActive = (user: Pick<ScimUser, 'active'>): boolean =>
  String(user.active ?? true).toLowerCase() === 'true';
