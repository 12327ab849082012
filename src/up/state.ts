import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock, type Holder, type Lock } from '../../scripts/lib/lock.cjs';

const lockName = 'up.lock';

/** Names of files that daytwo itself makes in a state folder. Anything else there is somebody's own, and stays. */
const ours =
  /^((sandbox|daytwo|temporal|evidence)\.[\w.-]+|(ports|processes)\.json|workflow-bundle[\w.-]*|logs)$/;

/** Makes the state folder where it isn't there, and takes it for this process. */
export function takeState(stateDir: string): ReturnType<typeof takeLock> {
  mkdirSync(join(stateDir, 'logs'), { recursive: true });
  return takeLock(join(stateDir, lockName));
}

/** Who holds a state, in words: the process, since when, and where it can be reached. */
export function holderInWords(stateDir: string, holder: Holder): string {
  const addresses = Object.entries(holder.note).map(([name, address]) => `  ${name}: ${String(address)}`);
  const first = `${stateDir} is in use: daytwo runs on it since ${holder.since} (pid ${holder.pid}).`;
  const last = 'Stop that one first (Ctrl-C there), or give this one another folder with --state-dir.';
  return [first, ...addresses, last].join('\n');
}

/** What `--fresh` would throw away in a state folder. */
export function ownFiles(stateDir: string): string[] {
  return existsSync(stateDir) ? readdirSync(stateDir).filter((name) => ours.test(name)) : [];
}

/** Throws the state away; files that aren't daytwo's stay. Only while the state is held. */
export function throwAway(stateDir: string, _held: Lock): void {
  for (const name of ownFiles(stateDir)) rmSync(join(stateDir, name), { recursive: true, force: true });
  mkdirSync(join(stateDir, 'logs'), { recursive: true });
}

/** The variables that the sandbox wrote for the other parts. Throws where there is no such file. */
export function sandboxEnv(stateDir: string): Record<string, string> {
  return parseVariables(readFileSync(join(stateDir, 'sandbox.env'), 'utf8'));
}

/** Reads `NAME=value` lines; a value may stand in single or double quotes, and `#` begins a comment line. */
export function parseVariables(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line);
    const [, name, value] = match ?? [];
    if (name === undefined || value === undefined) continue;
    variables[name] = value.trim().replace(/^(["'])(.*)\1$/, '$2');
  }
  return variables;
}

/**
 * Writes the Temporal configuration of this state, which the parts (and `temporal --config-file`) read instead of the
 * one in the user's home: that may name another cluster and its certificates.
 */
export function writeTemporalConfig(stateDir: string, address: string): string {
  const path = join(stateDir, 'temporal.toml');
  const aside = `${path}.tmp`;
  writeFileSync(aside, `[profile.default]\naddress = "${address}"\nnamespace = "default"\n`);
  renameSync(aside, path);
  return path;
}
