/**
 * `npm run build && node scripts/golden.js`: keeps logs of a few scenarios, as this version writes them, with what they
 * fold to and a checkpoint from their middle, in test/golden/VERSION. Later versions have to read them for good, so a
 * folder that is there is not touched: a new version gets one of its own.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { exportLog } from '../dist/actors/export-log.js';
import { openFold } from '../dist/hub/picture.js';
import { contentHash } from '../dist/machines/hash.js';
import { canonicalJson } from '../dist/machines/json.js';
import { readScenario } from '../dist/scenarios/read-scenario.js';
import { runScenario } from '../dist/scenarios/run-scenario.js';

const scenarios = [
  'auth-orchestration',
  'auth-system',
  'circuit-breaker',
  'late-answer',
  'limits',
  'messages',
  'schedules',
  'several-gates',
  'three-failures',
  'working-spec',
];

/** Of a scenario that goes on for long. */
const mostRecords = 300;

const root = new URL('..', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const folder = new URL(`test/golden/${version}/`, root);
if (existsSync(folder)) {
  console.error(`${folder.pathname} is there already; what it keeps must stay readable`);
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of scenarios) await keep(name);
}

async function keep(name) {
  const path = `scenarios/${name}.yaml`;
  const run = await runScenario(readScenario(readFileSync(new URL(path, root), 'utf8'), path));
  const records = run.records.slice(0, mostRecords);
  const middle = Math.round(records.length / 2);
  const fold = openFold();
  for (const record of records.slice(0, middle)) fold.next(record);
  const { entries } = fold.save();
  for (const record of records.slice(middle)) fold.next(record);
  const put = (suffix, text) => writeFileSync(new URL(`${name}.${suffix}`, folder), text);
  put('log.jsonl', [...exportLog(records)].join(''));
  put('checkpoint.jsonl', [...entries].map((entry) => `${canonicalJson(entry)}\n`).join(''));
  const picture = fold.picture();
  put('picture.jsonl', `${canonicalJson({ hash: contentHash(picture), picture })}\n`);
}
