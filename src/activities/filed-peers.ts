import type { PersonRecord } from '../evidence/store';
import type { World } from './world';

export function peersInComment(
  _world: World,
  system: string,
  _people: readonly PersonRecord[],
): Promise<string> {
  return Promise.resolve(`the role for ${system}`);
}
