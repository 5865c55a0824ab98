/**
 * `npm run bench -- [names…] [--quick] [--json]`: measures, and prints what was found beside what was asked for.
 *
 * Each benchmark runs in a process of its own. Nothing fails when a target is missed: machines differ, and
 * whether a figure is good enough is for a reader to say.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const names = [
  'throughput',
  'durable',
  'crowd',
  'task-memory',
  'return-to-base',
  'assignment',
  'queue',
  'staging',
  'orchestrations',
  'recovery',
];
/** These drive a browser, and are run when they are asked for: `npm run bench:page`. */
const ofPage = ['page-crowd', 'page-import'];
const flags = new Set(process.argv.slice(2).filter((word) => word.startsWith('--')));
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown =
  asked.find((name) => ![...names, ...ofPage].includes(name)) ??
  [...flags].find((flag) => !['--quick', '--json', '--alone'].includes(flag));

if (unknown !== undefined) {
  console.error(`there is no ${unknown}; names: ${[...names, ...ofPage].join(', ')}; flags: --quick, --json`);
  process.exitCode = 2;
} else if (flags.has('--alone')) {
  const [name] = asked;
  const { title, notMeasured, run } = await import(`./${name}.js`);
  const figures = await run({ quick: flags.has('--quick') });
  process.stdout.write(JSON.stringify({ name, title, notMeasured, figures: figures.map(judged) }), () =>
    process.exit(0),
  );
} else {
  const found = [];
  for (const name of asked.length > 0 ? asked : names) {
    const report = inOwnProcess(name);
    found.push(report);
    if (!flags.has('--json')) print(report);
  }
  if (flags.has('--json')) console.log(JSON.stringify({ machine: machine(), benchmarks: found }, null, 2));
  else console.log(`${machine().node} on ${machine().cpus}`);
}

function inOwnProcess(name) {
  const quick = flags.has('--quick') ? ['--quick'] : [];
  const self = fileURLToPath(import.meta.url);
  const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', self, name, '--alone', ...quick], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the benchmark ${name} failed`);
  return JSON.parse(stdout);
}

function judged(figure) {
  return figure.atMost === undefined ? figure : { ...figure, met: figure.value <= figure.atMost };
}

function print({ name, title, notMeasured, figures }) {
  const rows = figures.map((figure) => [
    figure.what,
    `${short(figure.value)} ${figure.unit}`,
    figure.from === undefined ? '' : `${short(figure.from)} – ${short(figure.to)}`,
    figure.atMost === undefined ? '' : `at most ${figure.atMost}: ${figure.met ? 'met' : 'NOT MET'}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  console.log(`${name}: ${title}\n  does not measure: ${notMeasured}`);
  for (const [what, value, range, target] of rows) {
    const cells = [what.padEnd(widths[0]), value.padStart(widths[1]), range.padStart(widths[2]), target];
    console.log(`    ${cells.join('   ').trimEnd()}`);
  }
  console.log('');
}

function short(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3);
}

function machine() {
  return { node: `Node ${process.version}`, cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}` };
}
