import type { z } from 'zod';
import type { System, Way } from '../domain/handbook';
import { ConfigFile } from './config-file';
import type { Problem } from './problem';
import type { SystemsReading } from './reading';
import { systemKey, systemShape, systemsShape } from './shapes';

export const SYSTEMS_FILE = 'systems.yml';

/** Reads `systems.yml`; a faulty entry doesn't hide the others. */
export function readSystems(dir: string, problems: Problem[]): SystemsReading | null {
  const file = ConfigFile.read(dir, SYSTEMS_FILE, problems);
  if (!file?.shape(systemsShape)) return null;
  const keys = file.keys(['systems']);
  const systems = keys.flatMap((key) => {
    const named = systemKey.safeParse(key);
    if (!named.success) {
      file.problem(
        ['systems', key],
        'not a key',
        'Lower case, digits and single hyphens: salesforce-inbox.',
        key,
      );
    }
    const entry = file.shape(systemShape, ['systems', key]);
    return entry && named.success ? [systemOf(key, entry)] : [];
  });
  return { file, systems, keys };
}

function systemOf(key: string, entry: z.output<typeof systemShape>): System {
  return {
    key,
    name: entry.name,
    aliases: entry.aliases,
    ways: entry.ways.map(wayOf),
    owner: entry.owner,
    provisioners: entry.provisioners,
    deprovisioners: entry.deprovisioners,
    tier: entry.tier,
    sox: entry.sox,
    dependsOn: entry.depends_on,
    requires: entry.requires,
    removalDeadlineDays: entry.removal_deadline_days,
    licenceTypes: entry.licence_types.map((type) => ({
      name: type.name,
      regions: type.regions,
      titles: type.titles,
      exceptDepartments: type.except_departments,
    })),
    steps: entry.steps,
  };
}

function wayOf(way: z.output<typeof systemShape>['ways'][number]): Way {
  if (way.kind !== 'salesforce-psl') return way;
  return {
    kind: way.kind,
    permissionSetLicense: way.permission_set_license,
    permissionSet: way.permission_set,
  };
}
