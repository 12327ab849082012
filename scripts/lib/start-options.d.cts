export interface UpOptions {
  /** Absolute; holds the whole state. */
  readonly stateDir: string;
  /** Whether the main job is played. */
  readonly demo: boolean;
  /** Which job it is; the hires where nobody says. */
  readonly play?: 'hires' | 'close' | 'territory';
  /** Whether everything ends after the job. */
  readonly exit: boolean;
  /** Whether the state is thrown away first. */
  readonly fresh: boolean;
  /** Don't ask before throwing state away. */
  readonly yes?: boolean;
  /** Forget which downloads were refused. */
  readonly retryDownloads?: boolean;
  /** One JSON document a line on standard output. */
  readonly json?: boolean;
}
export type Parsed =
  | { readonly kind: 'options'; readonly options: UpOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };
export function startOptions(args: readonly string[], env: NodeJS.ProcessEnv, root: string): Parsed;
export const usage: string;
