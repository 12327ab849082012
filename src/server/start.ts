import { createServer as createHttpServer } from 'node:http';
import { createServer, type ServerParts } from './app';

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new request, finishes those that came in, then ends. */
  close(): Promise<void>;
}

/** How long requests that came in may still take when the server closes, in milliseconds. */
const GRACE_MS = 10_000;

/** Listens at the settings' host and port (0: any free one). @throws if the port is taken */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { host, port: wanted } = parts.settings;
  const server = createHttpServer(createServer(parts));
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  let closing: Promise<void> | undefined;
  return {
    port,
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`,
    close: () => (closing ??= closed(server)),
  };
}

function closed(server: ReturnType<typeof createHttpServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close((error) => {
      clearTimeout(grace);
      if (error) reject(error);
      else resolve();
    });
    server.closeIdleConnections();
  });
}
