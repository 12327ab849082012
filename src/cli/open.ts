import { openStore, type Store } from '../evidence';
import { readSettings, type CliSettings } from '../settings';
import { TemporalEngine, type Engine } from './engine';
import type { Places } from './find-process';
import type { Surroundings } from './surroundings';

/** What verbs that look and decide work with; the store is opened only where it is asked. */
export interface Opened {
  readonly settings: CliSettings;
  readonly engine: Engine;
  readonly store: () => Promise<Store>;
  readonly places: Places;
}

/** Opens Temporal and, when asked, the store; closes both after `work`. @throws SettingsError */
export async function withProcesses<T>(
  around: Pick<Surroundings, 'env'>,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const settings = readSettings(around.env, 'cli');
  const engine = await TemporalEngine.connect(settings);
  let opening: Promise<Store> | undefined;
  const store = (): Promise<Store> => (opening ??= openStore(settings));
  const employeeOf = async (email: string): Promise<string | null> =>
    (await (await store()).personByEmail(email))?.employeeId ?? null;
  try {
    return await work({
      settings,
      engine,
      store,
      places: { engine, employeeOf, project: settings.gitlab.accessRequestsProject },
    });
  } finally {
    await engine.close();
    await (await opening?.catch(() => undefined))?.close();
  }
}
