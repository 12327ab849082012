import { open } from 'node:fs/promises';
import { SystemFault, noAnswerFault, statusFault } from './fault';
import { pauseBriefly, repeatReads } from './repeat';

/** An export as it came: its text, and when it was made. */
export interface BillingText {
  readonly kind: 'text';
  readonly text: string;
  /** As the server or the file system says it; null where neither does. */
  readonly exportedAt: string | null;
}

/** Why there is no export to read. Said without anything of the answer: it may hold what is nobody's business. */
export interface NoBillingText {
  readonly kind: 'none';
  readonly problem: string;
  readonly mend: string;
}

/** What billing is asked for a period, and with which credential. */
export interface BillingSettings {
  /** A path or an http(s) address, for where the handbook names none. */
  readonly from: string | null;
  readonly token: string | null;
}

const TIMEOUT_MS = 120_000;
/** More than a year of bookings of the largest business. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Fetches billing's export of a period. What can't be had is an answer, too: a close goes on without it. */
export class BillingExport {
  constructor(private readonly settings: BillingSettings) {}

  /** Where it comes from; null where billing isn't asked. @param named as the handbook has it */
  placeOf(named: string | null, period: string): string | null {
    return (named ?? this.settings.from)?.replaceAll('{period}', encodeURIComponent(period)) ?? null;
  }

  async read(place: string): Promise<BillingText | NoBillingText> {
    try {
      return /^https?:/i.test(place) ? await this.#fetched(place) : await readBillingText(place);
    } catch (error) {
      if (!(error instanceof SystemFault)) throw error;
      return none(
        error.message.replace(/^billing: /, ''),
        'See that billing answers; it is asked again tonight.',
      );
    }
  }

  #fetched(address: string): Promise<BillingText | NoBillingText> {
    return repeatReads('GET', () => this.#fetchOnce(address), pauseBriefly);
  }

  async #fetchOnce(address: string): Promise<BillingText | NoBillingText> {
    const { token } = this.settings;
    let response: Response;
    let bytes: Uint8Array | null;
    try {
      response = await fetch(address, {
        headers: {
          Accept: 'text/csv, application/json',
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        },
        // Another address would be sent the credential, and is a page to sign in on at most.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      bytes = await bodyOf(response);
    } catch (error) {
      throw noAnswerFault('billing', 'the export', error);
    }
    if (response.status >= 300 && response.status < 400)
      return none(
        'the address leads to another one, as one does that wants a sign-in',
        'Name the address itself, and give a credential in BILLING_EXPORT_TOKEN.',
      );
    if (response.status === 401 || response.status === 403)
      return none(`billing refused it (${response.status})`, 'Renew BILLING_EXPORT_TOKEN.');
    if (response.status === 404)
      return none('there is no export of this period (404)', 'Have billing export it.');
    if (!response.ok)
      throw statusFault('billing', response.status, response.headers.get('retry-after'), 'the export');
    if (bytes === null) return tooLarge();
    const made = Date.parse(response.headers.get('last-modified') ?? '');
    return textFrom(bytes, made, response.headers.get('content-type') ?? '');
  }
}

/** The same of a file. */
export async function readBillingText(path: string): Promise<BillingText | NoBillingText> {
  try {
    const file = await open(path);
    try {
      const { size, mtimeMs } = await file.stat();
      return size > MOST_BYTES ? tooLarge() : textFrom(await file.readFile(), mtimeMs, '');
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code = 'unknown' } = (error ?? {}) as { readonly code?: string };
    return none(`the file can't be read (${code})`, 'Have billing export it, and see that it may be read.');
  }
}

/** The whole body, or null where it is too large to be an export. */
async function bodyOf({ body }: Response): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    parts.push(part as Uint8Array);
    size += parts.at(-1)?.length ?? 0;
    if (size > MOST_BYTES) return null;
  }
  return Buffer.concat(parts);
}

function textFrom(bytes: Uint8Array, made: number, type: string): BillingText | NoBillingText {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return none('it is not UTF-8', 'Export it as CSV UTF-8, or as JSON.');
  }
  if (/\bhtml\b/i.test(type) || /^\s*<(!doctype|html|\?xml)/i.test(text.slice(0, 500)))
    return none(
      'it is a page and no export, as one is shown to those who must sign in',
      'Give a credential in BILLING_EXPORT_TOKEN, and see that the address is that of the export.',
    );
  return { kind: 'text', text, exportedAt: Number.isNaN(made) ? null : new Date(made).toISOString() };
}

const tooLarge = (): NoBillingText =>
  none('it is larger than 256 MiB', 'Export the one period, and its bookings only.');
const none = (problem: string, mend: string): NoBillingText => ({ kind: 'none', problem, mend });
