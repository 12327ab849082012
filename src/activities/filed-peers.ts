import { REGIONS } from '../domain/handbook';
import { peersInWords } from '../domain/peers';
import type { PersonRecord } from '../evidence/store';
import { SystemFault } from '../systems/fault';
import { peersOf } from './peers';
import type { ReadWorld } from './world';

/**
 * "If questionable, look at other provisioned users of the same title/role": what peers have in a system, in counts, for whoever
 * asked for the same as a colleague to choose from.
 */
export async function peersInComment(
  world: ReadWorld,
  system: string,
  people: readonly PersonRecord[],
): Promise<string> {
  const [person] = people;
  const choose = 'the role itself, since access is given exactly as it was approved';
  if (!person) return choose;
  try {
    const { title } = person;
    const region = REGIONS.find((one) => one === person.region);
    if (!region) return choose;
    const peers = await peersOf(world, { title, region, systems: [system] });
    return `${choose}. ${peersInWords(peers).replace(/\s+/g, ' ')}`;
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    return `${choose}. What colleagues have can not be read now`;
  }
}
