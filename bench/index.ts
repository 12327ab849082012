import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchBulk } from './bulk';
import { benchClose } from './close';
import { benchLeaver } from './leaver';
import { benchRequest } from './request';
import { benchTerritory } from './territory';
import { benchWaiting } from './waiting';

/** One measured figure. Times stand beside their floor, measured in the same run; goals hold at full scale. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly goal?: number;
  readonly met?: boolean;
  /** What a reader needs to understand the figure. */
  readonly note?: string;
}

export type Benchmark = (scale: number) => Promise<{ temporal: string; figures: readonly Figure[] }>;

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  request: benchRequest,
  bulk: benchBulk,
  waiting: benchWaiting,
  leaver: benchLeaver,
  close: benchClose,
  territory: benchTerritory,
};

const usage = `npm run bench [-- <name> …] [-- --scale <n>]

Runs the benchmarks (${Object.keys(BENCHMARKS).join(', ')}) and writes bench/out/<name>.json.
--scale shrinks a run for a quick look, such as --scale 0.2, or makes it larger; the goals hold at full scale.`;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const at = args.indexOf('--scale');
  const scale = at < 0 ? 1 : Number(args[at + 1]);
  const names = args.filter((arg, index) => !arg.startsWith('--') && index !== (at < 0 ? -1 : at + 1));
  const unknown = names.filter((name) => !(name in BENCHMARKS));
  if (unknown.length > 0 || !(scale > 0 && scale <= 5)) {
    console.error(
      unknown.length > 0 ? `No benchmark ${unknown.join(', ')}.` : '--scale takes a number above 0, up to 5.',
    );
    console.error(usage);
    return 2;
  }
  let met = true;
  for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { temporal, figures } = await benchmark(scale);
    const machine = {
      cores: cpus().length,
      memory_gib: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      temporal,
    };
    const out = join(__dirname, 'out');
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, `${name}.json`), `${JSON.stringify({ name, machine, figures }, null, 2)}\n`);
    console.log(
      `\n${name} (${machine.cores} cores, ${machine.memory_gib} GiB, node ${machine.node}, Temporal ${temporal})`,
    );
    console.table(
      figures.map(({ figure, value, unit, floor, goal, met: reached }) => ({
        figure,
        value,
        unit,
        floor,
        ratio: floor ? Number((value / floor).toFixed(1)) : undefined,
        goal,
        met: reached,
      })),
    );
    for (const { figure, note } of figures) if (note) console.log(`${figure}: ${note}`);
    met &&= figures.every((figure) => figure.met !== false);
  }
  return met ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
