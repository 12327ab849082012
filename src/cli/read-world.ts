import type { ReadWorld } from '../activities/world';
import { connectors } from '../connectors';
import { openStore, sharedPace } from '../evidence';
import { readHandbook } from '../handbook';
import { readSettings, type WorkerSettings } from '../settings';
import { BillingExport } from '../systems/billing';
import { GitlabDesk } from '../systems/gitlab';
import type { Surroundings } from './surroundings';

/** Reads the systems as the worker would, within the same rates, and closes the store afterwards; nothing is changed there. */
export async function withReadWorld<T>(
  around: Pick<Surroundings, 'env'>,
  work: (world: ReadWorld, settings: WorkerSettings) => Promise<T>,
): Promise<T> {
  const settings = readSettings(around.env, 'worker');
  const handbook = readHandbook(settings.configDir);
  const store = await openStore(settings);
  try {
    const paceOf = (connection: string) =>
      sharedPace(store.rate, connection, () => handbook.rates[connection]);
    return await work(
      {
        store,
        handbook: () => handbook,
        gitlab: new GitlabDesk({ ...settings.gitlab, pace: paceOf('gitlab') }),
        billing: new BillingExport(settings.billing),
        connector: connectors(settings, around.env, paceOf),
        projects: {
          accessRequests: settings.gitlab.accessRequestsProject,
          employment: settings.gitlab.employmentProject,
        },
      },
      settings,
    );
  } finally {
    await store.close();
  }
}
