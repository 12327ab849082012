import { noAnswerFault, statusFault } from '../fault';
import type { Pace } from '../pace';
import { repeatReads } from '../repeat';

/** Bytes of an attachment that are read at most. */
const MOST_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
export const UPLOAD = /^\/uploads\/([0-9a-f]{32})\/([^/\\]+)$/i;

/** A file that is attached to an issue or a comment, as far as it can be read. */
export type Attachment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too_large'; readonly mostBytes: number };

/**
 * Reads an attachment by the path that GitLab gave it, `/uploads/<secret>/<file>`; it is cut off where it is too large.
 * The token goes as `Authorization`, which a redirect to another host's object storage leaves behind.
 */
export async function readUpload(
  {
    url: host,
    token,
    pace,
  }: { readonly url: string; readonly token: string; readonly pace?: Pace | undefined },
  project: string,
  path: string,
): Promise<Attachment> {
  const [, secret, name] = UPLOAD.exec(path) ?? [];
  if (secret === undefined || name === undefined) return { kind: 'missing' };
  const file = `${secret}/${encodeURIComponent(decoded(name))}`;
  const url = `${host.replace(/\/+$/, '')}/api/v4/projects/${encodeURIComponent(project)}/uploads/${file}`;
  return repeatReads('GET', async () => {
    await pace?.();
    return fetchUpload(url, token);
  });
}

async function fetchUpload(url: string, token: string): Promise<Attachment> {
  const what = 'GET an attachment';
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return await boundedText(response);
    await response.body?.cancel();
  } catch (error) {
    throw noAnswerFault('gitlab', what, error);
  }
  if (response.status === 404) return { kind: 'missing' };
  throw statusFault('gitlab', response.status, response.headers.get('retry-after'), what);
}

async function boundedText(response: Response): Promise<Attachment> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > MOST_BYTES) return { kind: 'too_large', mostBytes: MOST_BYTES };
    chunks.push(chunk);
  }
  return { kind: 'text', text: textOf(Buffer.concat(chunks)) };
}

/** UTF-8, or UTF-16 by its byte-order mark, or what a sheet on Windows writes. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** A name as it stands in the link, percent signs and all. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
