import { inPlaceOf, reportsTo, type Approver } from '../domain/approvals';
import type { ApproverRole } from '../domain/access-request';
import type { Person, System } from '../domain/handbook';
import { memberByEmail, type ReadWorld } from './world';

/** So many levels of managers are looked at; a longer chain is a loop, or no company. */
const LONGEST_CHAIN = 20;

/** Who decides about whom: who asks, for whom, and who is away now. */
export interface Around {
  readonly requester: string;
  /** User names and addresses (lower case) of those whom it is for. */
  readonly subjects: ReadonlySet<string>;
  /** User names of those who aren't there now, with since when and by which source. */
  readonly away: ReadonlyMap<string, string>;
}

/** The managers above somebody, nearest first, each with a GitLab user name where there is one. `loop` where they lead back. */
export async function chainAbove(
  world: ReadWorld,
  managerEmail: string | null,
): Promise<{ readonly people: readonly Person[]; readonly loop: boolean }> {
  const people: Person[] = [];
  const seen = new Set<string>();
  for (let email = managerEmail?.toLowerCase() ?? null; email !== null && people.length < LONGEST_CHAIN;) {
    if (seen.has(email)) return { people, loop: true };
    seen.add(email);
    const person = await personOf(world, email);
    if (!person) break;
    people.push(person);
    email = person.managerEmail?.toLowerCase() ?? null;
  }
  return { people, loop: false };
}

/** A person who may decide: as `people.yml` knows them, else as HR and GitLab do. Who has left decides nothing. */
async function personOf(world: ReadWorld, email: string): Promise<Person | null> {
  const record = await world.store.personByEmail(email);
  const member = memberByEmail(world.handbook().people, email);
  if (member) return record?.status === 'left' ? { ...member, username: '' } : member;
  if (!record) {
    const user = await world.gitlab.userByEmail(email);
    return user ? bare(user.username, email, null) : null;
  }
  const user = record.status === 'left' ? undefined : await world.gitlab.userByEmail(email);
  return bare(user?.username ?? '', email, record.managerEmail, record.timeZone, record.country);
}

const bare = (
  username: string,
  email: string,
  managerEmail: string | null,
  timeZone = 'UTC',
  country = 'US',
): Person => ({ username, name: username, email, managerEmail, timeZone, country, coveredBy: [] });

/** Those who may decide a part, whose turn it is first. Empty where nobody may. */
export async function approversFor(
  world: ReadWorld,
  role: ApproverRole,
  system: System,
  managerEmail: string | null,
  around: Around,
): Promise<readonly Approver[]> {
  const { people } = world.handbook();
  const below = reportsTo(around.requester, people);
  const barred = (username: string): boolean =>
    username === '' ||
    username === around.requester ||
    below.has(username) ||
    around.subjects.has(username) ||
    around.subjects.has(people.members.find((one) => one.username === username)?.email.toLowerCase() ?? '');
  switch (role) {
    case 'manager':
    case 'old_manager': {
      const { people: chain } = await chainAbove(world, managerEmail);
      const [manager] = chain;
      if (!manager) return [];
      const known = { members: [...people.members, ...chain] };
      const when = role === 'manager' ? 'manager' : 'manager before';
      return inPlaceOf(manager, `${when} of those whom it is for`, known, barred, around.away);
    }
    case 'business_owner': {
      const owner = people.members.find(({ username }) => username === system.businessOwner);
      return owner ? inPlaceOf(owner, `business owner of ${system.name}`, people, barred, around.away) : [];
    }
    default: {
      const group = people.approvers[role].filter((username) => !barred(username));
      const here = group.filter((username) => !around.away.has(username));
      return [...here, ...group.filter((username) => around.away.has(username))].map((username) => ({
        username,
        authority: `approves for ${role}`,
      }));
    }
  }
}
