import { canonical } from '../labels';
import { lastTick, tickOf, type Ticks } from '../task-list';
import type { Labels } from '../handbook';
import { PARTIES, PARTY_NAMES, type Lights, type Party } from './green-light';

/** The label of each party's green light, and the spellings that are read as one. */
export type LightLabels = Pick<Labels, 'greenLight' | 'aliases'>;

/** The issue of a period as GitLab shows it, and its record of who did what there. */
export interface PeriodReading extends Ticks {
  readonly description: string;
  readonly labels: readonly string[];
  /** Oldest first. */
  readonly labelEvents: readonly {
    readonly id: number;
    readonly user: string;
    readonly at: string;
    readonly label: string;
    readonly action: 'add' | 'remove';
  }[];
}

/** What of GitLab's record on the issue of a period was judged: it is judged once, also where the issue doesn't show it yet. */
export interface Heard {
  readonly note: number;
  readonly labelEvent: number;
}

/** Somebody gave a green light on the issue of the period, or took it back. */
export interface LightAct {
  readonly party: Party;
  readonly on: boolean;
  readonly by: string;
  readonly at: string;
  /** The same for the same act. */
  readonly key: string;
}

interface Lit {
  readonly lights: Lights;
  readonly heard?: Heard;
}

export const lightText = (party: Party): string => `Green light: ${PARTY_NAMES[party]}`;

const isBoxMoved = ({ lights }: Lit, party: Party, description: string): boolean =>
  (tickOf(description, lightText(party)) ?? lights[party] !== null) !== (lights[party] !== null);

const isLabelMoved = (
  { lights }: Lit,
  party: Party,
  set: readonly string[],
  { greenLight, aliases }: LightLabels,
): boolean =>
  set.some((label) => canonical(label, { aliases }) === greenLight[party]) !== (lights[party] !== null);

/** Parties whose box or label on the period's issue isn't as daytwo left it. */
export const lightsMoved = (
  close: Lit,
  { description, labels: set }: Pick<PeriodReading, 'description' | 'labels'>,
  labels: LightLabels,
): readonly Party[] =>
  PARTIES.filter((party) => isBoxMoved(close, party, description) || isLabelMoved(close, party, set, labels));

/** What people did to the boxes and labels since, by GitLab's own record of who did it. */
export function lightActs(
  { lights, heard = { note: 0, labelEvent: 0 } }: Lit,
  reading: PeriodReading,
  labels: LightLabels,
): readonly LightAct[] {
  return PARTIES.flatMap((party): readonly LightAct[] => {
    const on = lights[party] === null;
    const tick = isBoxMoved({ lights }, party, reading.description)
      ? lastTick(reading, lightText(party), on)
      : null;
    const event = isLabelMoved({ lights }, party, reading.labels, labels)
      ? reading.labelEvents
          .filter(({ label }) => canonical(label, labels) === labels.greenLight[party])
          .at(-1)
      : undefined;
    // Where daytwo itself changed it last, or the other way round, nobody did what the issue shows.
    const isTheirs = event && event.user !== reading.bot && (event.action === 'add') === on;
    return [
      ...(tick && tick.note > heard.note
        ? [{ party, on, by: tick.by, at: tick.at, key: `light/${tick.note}` }]
        : []),
      ...(isTheirs && event.id > heard.labelEvent
        ? [{ party, on, by: event.user, at: event.at, key: `light-label/${event.id}` }]
        : []),
    ];
  });
}

export const heardIn = (reading: PeriodReading, before: Heard | undefined): Heard => ({
  note: Math.max(before?.note ?? 0, ...reading.notes.map(({ id }) => id)),
  labelEvent: Math.max(before?.labelEvent ?? 0, ...reading.labelEvents.map(({ id }) => id)),
});

/** The smallest change that makes the labels say which lights are given; all others are people's own. */
export function lightLabelChange(
  { lights }: Lit,
  set: readonly string[],
  { greenLight, aliases }: LightLabels,
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const wanted = PARTIES.filter((party) => lights[party] !== null).map((party) => greenLight[party]);
  return {
    add: wanted.filter((label) => !set.includes(label)),
    remove: set.filter((label) => {
      const meant = canonical(label, { aliases });
      return (
        PARTIES.some((party) => greenLight[party] === meant) && (!wanted.includes(meant) || label !== meant)
      );
    }),
  };
}
