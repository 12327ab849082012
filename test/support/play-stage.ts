import type { DemoOptions, DemoOutcome } from '../../src/up/demo';
import { openStore, type Store } from '../../src/evidence';
import { System } from './system';

/** The whole product with its store open: what a play is played on in a test. */
export class PlayStage {
  private constructor(
    readonly system: System,
    readonly store: Store,
  ) {}

  static async open(): Promise<PlayStage> {
    const system = await new System(3).start();
    process.env['DAYTWO_CONFIG_DIR'] = system.configDir;
    return new PlayStage(system, await openStore({ stateDir: system.stateDir, databaseUrl: null }));
  }

  /**
   * Plays to the end.
   *
   * @param hear told every line that is said
   * @throws Error with what is missing and all that was said
   */
  async played(
    play: (options: DemoOptions) => Promise<DemoOutcome>,
    hear: (text: string) => void = () => undefined,
  ): Promise<void> {
    const said: string[] = [];
    const line = (text: string): void => {
      said.push(text);
      hear(text);
    };
    const { ok, missing } = await play({
      stateDir: this.system.stateDir,
      exit: true,
      voice: { line, warn: line, addresses: () => undefined },
      signal: new AbortController().signal,
    });
    if (!ok) throw new Error(`${missing.join('\n')}\n${said.join('\n')}`);
  }

  /** The kinds of what the evidence holds. */
  async kinds(): Promise<ReadonlySet<string>> {
    return new Set((await this.store.rowsAfter(0)).map(({ kind }) => kind));
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.system.dispose();
  }
}
