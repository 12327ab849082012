import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';

/** A PostgreSQL of this machine's own binaries in a temporary folder, on a unix socket only. */
export class Postgres {
  #databases = 0;

  private constructor(
    readonly dir: string,
    readonly server: ChildProcess,
    readonly exited: Promise<void>,
  ) {}

  /** The folder of `initdb` and `postgres`, or null where this machine has none. */
  static binaries(): string | null {
    const installed = '/usr/lib/postgresql';
    const versions = existsSync(installed)
      ? readdirSync(installed).map((v) => join(installed, v, 'bin'))
      : [];
    const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.sort().reverse()];
    return folders.find((f) => existsSync(join(f, 'initdb')) && existsSync(join(f, 'postgres'))) ?? null;
  }

  static async start(): Promise<Postgres> {
    const bin = Postgres.binaries();
    if (bin === null) throw new Error('no PostgreSQL binaries on this machine');
    const dir = mkdtempSync(join(tmpdir(), 'daytwo-pg-'));
    const user = unprivileged();
    if (user) chownSync(dir, user.uid, user.gid);
    const base = join(dir, 'base');
    const as = { cwd: dir, ...user };
    const init = ['-D', base, '-U', 'owner', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
    execFileSync(join(bin, 'initdb'), init, { ...as, stdio: 'pipe' });
    const options = [
      '-D',
      base,
      '-k',
      dir,
      '-c',
      'listen_addresses=',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=60',
    ];
    const server = spawn(join(bin, 'postgres'), options, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    await new Promise<void>((resolve, reject) => {
      let said = '';
      server.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('ready to accept connections')) resolve();
      });
      server.once('exit', () => reject(new Error(`PostgreSQL ended: ${said}`)));
    });
    return new Postgres(dir, server, exited);
  }

  url(user: string, database: string): string {
    return `postgres://${user}@localhost/${database}?host=${encodeURIComponent(this.dir)}`;
  }

  /** A new, empty database: its name. */
  async createDatabase(): Promise<string> {
    const name = `test_${(this.#databases += 1)}`;
    await this.run('postgres', `CREATE DATABASE ${name}`);
    return name;
  }

  async run(database: string, statement: string): Promise<void> {
    const client = new Client({ connectionString: this.url('owner', database) });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    this.server.kill('SIGINT');
    await this.exited;
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return user ? { uid: Number(user[2]), gid: Number(user[3]) } : undefined;
}
