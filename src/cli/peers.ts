import { peersOf } from '../activities/peers';
import { REGIONS, type Handbook, type Region, type SystemKey } from '../domain/handbook';
import { peersInWords } from '../domain/peers';
import { withReadWorld } from './read-world';
import { jsonLine, WrongUsage, type Spoken, type Surroundings } from './surroundings';

export interface PeersOptions extends Spoken {
  readonly title: string;
  readonly region: string;
  readonly system?: string;
}

/** `daytwo peers --title … --region … [--system …]` */
export function peers(options: PeersOptions, around: Surroundings): Promise<number> {
  const region = regionOf(options.region);
  return withReadWorld(around, async (world) => {
    const systems = options.system === undefined ? undefined : [systemOf(options.system, world.handbook())];
    const found = await peersOf(world, { title: options.title, region, ...(systems ? { systems } : {}) });
    around.out(options.json ? jsonLine(found) : peersInWords(found));
    return 0;
  });
}

function regionOf(text: string): Region {
  const region = REGIONS.find((one) => one.toLowerCase() === text.trim().toLowerCase());
  if (!region) throw new WrongUsage(`--region ${text} is none of ${REGIONS.join(', ')}.`);
  return region;
}

function systemOf(text: string, { systems }: Handbook): SystemKey {
  const wanted = text.trim().toLowerCase();
  const system = systems.find(({ key, name, aliases }) =>
    [key, name, ...aliases].some((one) => one.toLowerCase() === wanted),
  );
  if (!system)
    throw new WrongUsage(
      `--system ${text} is no system of systems.yml: ${systems.map(({ key }) => key).join(', ')}.`,
    );
  return system.key;
}
