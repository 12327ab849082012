import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}
/** `drop` breaks the connection without an answer, `hang` keeps it without one. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'drop'
  | 'hang';

/** A server that answers as a test says: for what the sandbox's systems never do. Remembers what it was asked. */
export class Scripted {
  readonly asked: Asked[] = [];
  answer: (asked: Asked) => Answer = () => ({ status: 200, body: {} });

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Scripted> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const scripted = new Scripted(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      void read(request).then((body) => {
        const asked = { method: request.method ?? '', path: request.url ?? '', body };
        scripted.asked.push(asked);
        const answer = scripted.answer(asked);
        if (answer === 'hang') return undefined;
        if (answer === 'drop') return request.socket.destroy();
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
        return undefined;
      });
    });
    return scripted;
  }

  /** The answers in their order; the last one goes on. */
  answers(...list: readonly Answer[]): void {
    this.asked.length = 0;
    this.answer = () => list[Math.min(this.asked.length, list.length) - 1] ?? { status: 500 };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  // A sign-in sends a form.
  if (request.headers['content-type']?.includes('form-urlencoded') === true) return text;
  return text ? (JSON.parse(text) as unknown) : null;
}
