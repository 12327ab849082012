import { randomBytes } from 'node:crypto';
import type { Handbook } from '../../domain/handbook';
import type { World } from '../world';

/** The states of an Okta user, as `GET /api/v1/users` shows them. */
export type OktaStatus = 'STAGED' | 'PROVISIONED' | 'ACTIVE' | 'SUSPENDED' | 'DEPROVISIONED';

export interface OktaUser {
  readonly id: string;
  readonly status: OktaStatus;
  readonly created: string;
  readonly activated: string | null;
  readonly statusChanged: string | null;
  readonly lastLogin: string | null;
  readonly lastUpdated: string;
  readonly passwordChanged: string | null;
  readonly profile: Readonly<Record<string, unknown>>;
}

export interface OktaGroup {
  readonly id: string;
  readonly created: string;
  readonly lastUpdated: string;
  readonly lastMembershipUpdated: string;
  readonly type: 'OKTA_GROUP';
  readonly profile: { readonly name: string; readonly description: string | null };
}

/** A person as the HR system's directory import brings them. */
export interface ImportedPerson {
  readonly email: string;
  readonly name?: string;
}

export const oktaUsers = (world: World) => world.table<OktaUser>('okta-user');
export const oktaGroups = (world: World) => world.table<OktaGroup>('okta-group');
/** The ids of each group's users, by group id, in the order in which they came. */
export const oktaMembers = (world: World) => world.table<readonly string[]>('okta-member');

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A twenty-character id as Okta makes them: `00u` for a user, `00g` for a group. */
export function oktaId(prefix: string): string {
  return (
    prefix + [...randomBytes(20 - prefix.length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  );
}

/** The user with this id or login (any case). */
export function userBy(world: World, idOrLogin: string): OktaUser | undefined {
  const login = idOrLogin.toLowerCase();
  return oktaUsers(world).get(idOrLogin) ?? oktaUsers(world).find((user) => loginOf(user) === login);
}

export const loginOf = (user: OktaUser): string => String(user.profile['login'] ?? '').toLowerCase();

export const groupsOf = (world: World, userId: string): OktaGroup[] =>
  oktaGroups(world).filter((group) => (oktaMembers(world).get(group.id) ?? []).includes(userId));

/** Makes a user. The caller has seen to it that the login is free. */
export function makeUser(
  world: World,
  profile: Readonly<Record<string, unknown>>,
  status: OktaStatus,
): OktaUser {
  const now = new Date().toISOString();
  const active = status !== 'STAGED';
  const user: OktaUser = {
    id: oktaId('00u'),
    status,
    created: now,
    activated: active ? now : null,
    statusChanged: active ? now : null,
    lastLogin: null,
    lastUpdated: now,
    passwordChanged: null,
    profile,
  };
  return oktaUsers(world).put(user.id, user);
}

export function makeGroup(world: World, name: string, description: string | null): OktaGroup {
  const now = new Date().toISOString();
  const group: OktaGroup = {
    id: oktaId('00g'),
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    type: 'OKTA_GROUP',
    profile: { name, description },
  };
  return oktaGroups(world).put(group.id, group);
}

/** Puts a user into a group, or takes them out; the same twice changes nothing. */
export function setMembership(world: World, group: OktaGroup, userId: string, member: boolean): void {
  const before = oktaMembers(world).get(group.id) ?? [];
  if (before.includes(userId) === member) return;
  oktaMembers(world).put(group.id, member ? [...before, userId] : before.filter((id) => id !== userId));
  oktaGroups(world).put(group.id, { ...group, lastMembershipUpdated: new Date().toISOString() });
}

/** IT's directory import: an ACTIVE user for each person who isn't there yet; those who are stay as they are. */
export function importPeople(world: World, people: readonly ImportedPerson[]): void {
  for (const person of people) {
    if (userBy(world, person.email)) continue;
    const words = (person.name ?? person.email.split('@')[0] ?? person.email).trim().split(/\s+/);
    const lastName = words.length > 1 ? words[words.length - 1] : words[0];
    const firstName = words.length > 1 ? words.slice(0, -1).join(' ') : words[0];
    makeUser(
      world,
      { firstName, lastName, mobilePhone: null, secondEmail: null, login: person.email, email: person.email },
      'ACTIVE',
    );
  }
  world.commit();
}

const USUAL_GROUPS = ['okta-chorus-users', 'okta-ringlead-users', 'okta-outreach-users'];

/** Groups that the handbook's ways name, the usual ones of the tech stack, and everybody of `people.yml`. */
export function seedDirectory(world: World, handbook: Handbook): void {
  const named = handbook.systems.flatMap((system) =>
    system.ways.flatMap((way) => (way.kind === 'okta-group' ? [way.group] : [])),
  );
  for (const name of new Set([...named, ...USUAL_GROUPS])) {
    if (!oktaGroups(world).find((group) => group.profile.name === name))
      makeGroup(world, name, `Members get ${name}`);
  }
  importPeople(world, handbook.people.members);
}
