import { randomBytes } from 'node:crypto';
import type { World } from './world';

/** A secret of the sandbox by its name: made once, then the same after every restart and every reset. */
export function secret(world: World, name: string, make: () => string): string {
  const secrets = world.table<string>('secret');
  return secrets.get(name) ?? secrets.put(name, make());
}

/** A token as a system would hand it out: `<prefix><letters and digits>`. */
export const randomToken = (prefix: string, bytes = 20): string =>
  prefix + randomBytes(bytes).toString('hex');

/** A signing secret as Standard Webhooks writes it: `whsec_` and 32 bytes in base64. */
export const webhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
