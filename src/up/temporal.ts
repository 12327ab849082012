import { connect } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ports } from './ports';

/**
 * The search attributes that daytwo's workflows set, as `NAME=TYPE` of the Temporal CLI. Never a name or an address
 * of a person: they are stored in clear.
 */
export const searchAttributes = [
  'DaytwoKind=Keyword',
  'DaytwoState=Keyword',
  'DaytwoEmployeeId=Keyword',
  'DaytwoSystem=KeywordList',
  'DaytwoDue=Datetime',
] as const;

/**
 * Arguments of the Temporal CLI for a development server on a file, on the loopback address only. Its database keeps a log of
 * what is written ahead: as safe as the journal that it would keep else, with a third of the waiting for the disk.
 */
export function devServerArgs(databaseFile: string, ports: Ports): string[] {
  return [
    ...['server', 'start-dev'],
    ...['--db-filename', databaseFile, '--sqlite-pragma', 'journal_mode=WAL'],
    ...['--ip', '127.0.0.1', '--port', String(ports.temporal)],
    ...['--ui-ip', '127.0.0.1', '--ui-port', String(ports.temporalUi)],
    ...['--ui-codec-endpoint', `http://127.0.0.1:${ports.server}/codec`],
    ...['--log-level', 'error'],
    ...searchAttributes.flatMap((attribute) => ['--search-attribute', attribute]),
  ];
}

/**
 * Waits until the Temporal server at this address serves workflows: the standard gRPC health check, asked over plain
 * HTTP/2 so that the supervisor needn't load a gRPC library. Rejects when `signal` aborts.
 */
export async function untilServing(address: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await serves(address)) return;
    await pause(50, undefined, { signal });
  }
}

const service = 'temporal.api.workflowservice.v1.WorkflowService';
const answerWithin = 2_000;

function serves(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    const settle = (serving: boolean) => {
      session.destroy();
      resolve(serving);
    };
    session.setTimeout(answerWithin, () => settle(false));
    session.once('error', () => settle(false));
    const request = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    request.once('error', () => settle(false));
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => settle(saysServing(Buffer.concat(chunks))));
    request.end(healthRequest());
  });
}

/** HealthCheckRequest{service}: a gRPC frame (flag, length) around one protobuf string field. */
function healthRequest(): Buffer {
  const field = Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]);
  const header = Buffer.alloc(5);
  header.writeUInt32BE(field.length, 1);
  return Buffer.concat([header, field]);
}

/** HealthCheckResponse{status: SERVING}: field 1 as varint 1. */
function saysServing(frame: Buffer): boolean {
  return frame.length >= 7 && frame[5] === 0x08 && frame[6] === 0x01;
}
