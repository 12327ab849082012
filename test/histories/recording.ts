import { temporal } from '@temporalio/proto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { History } = temporal.api.history.v1;
export type History = temporal.api.history.v1.History;

const fileOf = (name: string): string => join(__dirname, `${name}.json`);

/**
 * Keeps a run as JSON, one event a line. What replay doesn't read is left out: what activities were given (most of a
 * recording), and which machine it was. It is protobuf's plain form, since the SDK's own converter fails with
 * `type must be a Type` where npm installs a second copy of protobufjs.
 */
export function keepRecording(name: string, history: temporal.api.history.v1.IHistory): void {
  const plain = History.toObject(History.fromObject(history), {
    longs: String,
    enums: String,
    bytes: String,
  });
  const events = (plain['events'] as object[]).map((event) =>
    JSON.stringify(event, (key, value: unknown) => (key === 'identity' ? undefined : value)),
  );
  writeFileSync(fileOf(name), `{"events":[\n${events.join(',\n')}\n]}\n`);
}

/** A recorded run, as replay takes it; undefined where there is no file of that name. */
export function readRecording(name: string): History | undefined {
  if (!recordings().includes(name)) return undefined;
  return History.fromObject(JSON.parse(readFileSync(fileOf(name), 'utf8')) as object);
}

export const recordings = (): readonly string[] =>
  readdirSync(__dirname)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
