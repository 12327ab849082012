import { createHash } from 'node:crypto';
import { readTerritoryPeople, ROUTED } from '../activities/territory-people';
import type { ReadWorld } from '../activities/world';
import { csvLine } from '../domain/escape';
import { malformed } from '../domain/request-desk';
import type { Handbook } from '../domain/handbook';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { plural } from './words';

export interface RouterOptions extends Spoken {
  /** It was uploaded: from now on the router is known to say it. */
  readonly uploaded?: boolean;
  readonly by?: string;
}

/**
 * `daytwo territory router`: the file for the router, the last in the order of a change; `--uploaded` says that it was given to it. A
 * territory that Salesforce and the table don't agree on isn't in it.
 */
export function territoryRouter(options: RouterOptions, around: Surroundings): Promise<number> {
  const by = options.by?.replace(/^@/, '');
  if (options.uploaded && (by === undefined || malformed({ by }) !== null))
    throw new WrongUsage('--uploaded needs --by, the GitLab user name of who uploaded it.');
  return withReadWorld(around, (world) =>
    options.uploaded ? noteUpload(world, by ?? '', options, around) : writeFile(world, options, around),
  );
}

export async function writeFile(
  world: Pick<ReadWorld, 'store' | 'connector' | 'handbook'>,
  { json }: Spoken,
  around: Surroundings,
): Promise<number> {
  const { rows, unsettled } = await settled(world);
  if (json) around.out(jsonLine({ territories: rows, unsettled }));
  else {
    around.out(csvLine(['Territory', 'Owner']));
    for (const { territory, owner } of rows) around.out(csvLine([territory, owner]));
  }
  if (unsettled.length > 0)
    around.err(
      `${plural(unsettled.length, 'territory', 'territories')} left out, since Salesforce and the table differ: daytwo territory check --org.`,
    );
  return unsettled.length === 0 ? 0 : 1;
}

/** Keeps what the router says from now on. */
export async function noteUpload(
  world: Pick<ReadWorld, 'store' | 'connector' | 'handbook'>,
  by: string,
  { json }: Spoken,
  around: Pick<Surroundings, 'now' | 'out' | 'zone'>,
): Promise<number> {
  const { holders, unsettled } = await settled(world);
  if (unsettled.length > 0)
    throw new Refused(
      'Salesforce and the tables differ: first Salesforce, then the tables, then the router.',
      {
        unsettled,
      },
    );
  const at = around.now().toISOString();
  const territories = Object.fromEntries(holders);
  const digest = createHash('sha256')
    .update(JSON.stringify(Object.entries(territories).sort()))
    .digest('hex');
  await world.store.append([
    {
      id: `${ROUTED}/${at}/${digest.slice(0, 16)}`,
      at,
      zone: around.zone,
      subject: null,
      request: null,
      workflowId: null,
      kind: ROUTED,
      actor: by,
      channel: 'cli',
      detail: { what: 'gave the router the owners of territories', territories, digest, proof: 'attested' },
    },
  ]);
  around.out(
    json
      ? jsonLine({ territories: holders.size, digest })
      : `Noted: the router has ${plural(holders.size, 'territory', 'territories')}.`,
  );
  return 0;
}

async function settled(world: Pick<ReadWorld, 'store' | 'connector' | 'handbook'>) {
  const handbook = world.handbook();
  if (!handbook.territory) throw new Refused('The handbook has no folder territory/.');
  const { drift, holders } = await readTerritoryPeople(world, handbook.territory.rows);
  const unsettled = drift.filter(({ kind }) => kind !== 'router-behind').map(({ territory }) => territory);
  return { unsettled, holders, rows: routes(handbook, unsettled) };
}

/** Whom the router gives what comes to a territory: its owner, or who covers. */
const routes = (
  { territories }: Handbook,
  unsettled: readonly string[],
): readonly { readonly territory: string; readonly owner: string }[] =>
  territories.flatMap(({ name, owner, cover }) =>
    unsettled.includes(name) ? [] : [{ territory: name, owner: owner ?? cover ?? '' }],
  );
