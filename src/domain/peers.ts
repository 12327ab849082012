import type { Region, SystemKey } from './handbook';

/** What one colleague has in one system, as far as the system shows it. */
export interface PeerAccess {
  readonly role?: string;
  readonly profile?: string;
  readonly team?: string;
  readonly licence?: string;
}

/** How many colleagues have a value, the most frequent first. */
export type Tally = readonly { readonly value: string; readonly people: number }[];

export interface SystemPeers {
  readonly system: SystemKey;
  readonly name: string;
  /** How many have active access there; null where no API says so. */
  readonly have: number | null;
  readonly roles: Tally;
  readonly profiles: Tally;
  readonly teams: Tally;
  readonly licences: Tally;
}

/** What others of the same title and region have: counts, never who. */
export interface Peers {
  readonly title: string;
  readonly region: Region;
  readonly people: number;
  readonly systems: readonly SystemPeers[];
}

/** Fewer people than this are no group: their counts would say what a certain person has. */
export const FEWEST_PEERS = 2;

/** Counts what colleagues have in one system. */
export function tallySystem(
  { key, name }: { readonly key: SystemKey; readonly name: string },
  access: readonly PeerAccess[] | null,
): SystemPeers {
  const of = (field: keyof PeerAccess): Tally => tally((access ?? []).flatMap((one) => one[field] ?? []));
  return {
    system: key,
    name,
    have: access?.length ?? null,
    roles: of('role'),
    profiles: of('profile'),
    teams: of('team'),
    licences: of('licence'),
  };
}

function tally(values: readonly string[]): Tally {
  const people = new Map<string, number>();
  for (const value of values) people.set(value, (people.get(value) ?? 0) + 1);
  return [...people]
    .map(([value, count]) => ({ value, people: count }))
    .sort((one, other) => other.people - one.people || (one.value < other.value ? -1 : 1));
}

/**
 * For "same as a colleague": what peers have, to choose from; one line a system, without a name anywhere.
 * `text` makes a value safe for the place where it is shown.
 */
export function peersInWords(peers: Peers, text: (value: string) => string = (value) => value): string {
  const who = `${text(peers.title)}, ${peers.region}`;
  if (peers.people < FEWEST_PEERS)
    return `There are too few active colleagues to compare with (${who}): name the role that is meant.`;
  const lines = peers.systems.map(
    (system) => `- ${text(system.name)}: ${systemInWords(system, peers.people, text)}`,
  );
  return [
    `What the ${peers.people} active colleagues of the same title and region have (${who}):`,
    '',
    ...lines,
  ].join('\n');
}

function systemInWords(system: SystemPeers, people: number, text: (value: string) => string): string {
  if (system.have === null) return 'no API says who has what';
  const parts = [
    ...inWords('role', system.roles, text),
    ...inWords('profile', system.profiles, text),
    ...inWords('team', system.teams, text),
    ...inWords('licence', system.licences, text),
  ];
  return [`${system.have} of ${people} have access`, ...parts].join('; ');
}

const inWords = (what: string, values: Tally, text: (value: string) => string): readonly string[] =>
  values.length === 0
    ? []
    : [`${what} ${values.map(({ value, people }) => `${text(value)} (${people})`).join(', ')}`];
