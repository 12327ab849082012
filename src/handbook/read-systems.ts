import type { z } from 'zod';
import type { Stage, System, Way } from '../domain/handbook';
import { ConfigFile } from './config-file';
import type { Problem } from './problem';
import type { SystemsReading } from './reading';
import { systemKey, systemShape, systemsShape } from './shapes';

export const SYSTEMS_FILE = 'systems.yml';

/** Reads `systems.yml`; a faulty entry doesn't hide the others. */
export function readSystems(dir: string, problems: Problem[]): SystemsReading | null {
  const file = ConfigFile.read(dir, SYSTEMS_FILE, problems);
  const body = file?.shape(systemsShape);
  if (!file || !body) return null;
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
  const serviceAccounts = body.service_accounts.map((account) => ({
    system: account.system,
    name: account.name,
    owner: account.owner,
    secretHolders: account.secret_holders,
  }));
  return { file, systems, keys, rates: body.requests_per_second, serviceAccounts };
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
    businessOwner: entry.business_owner,
    finance: entry.finance,
    alsoApprovedBy: entry.also_approved_by,
    adminRoles: entry.admin_roles,
    levels: entry.levels,
    sharedAccount: entry.shared_account,
    stages: entry.stages.map(stageOf),
    steps: entry.steps,
    removalSteps: entry.removal_steps,
  };
}

function stageOf(stage: z.output<typeof systemShape>['stages'][number]): Stage {
  if (stage.kind === 'delay') return stage;
  const { kind, course, first, to, except_regions: exceptRegions } = stage;
  return { kind, course, first, to, exceptRegions };
}

function wayOf(way: z.output<typeof systemShape>['ways'][number]): Way {
  if (way.kind !== 'salesforce-psl') return way;
  return {
    kind: way.kind,
    permissionSetLicense: way.permission_set_license,
    permissionSet: way.permission_set,
  };
}
