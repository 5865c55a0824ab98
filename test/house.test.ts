/** The rules of the house hold because the linter refuses what breaks them: each is broken here, once, in a house of paper. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createActor, createMachine } from 'xstate';

const root = new URL('../', import.meta.url);
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** Each floor with what it may import. The doors are the files of `src` itself. */
const floors: Record<string, readonly string[]> = {
  machines: [],
  actors: ['machines'],
  hub: ['machines', 'actors'],
  scenarios: ['machines', 'actors', 'hub'],
  tracking: ['machines', 'actors', 'hub'],
  tracing: ['machines', 'actors', 'hub'],
  inspection: ['machines', 'actors', 'hub'],
  coordination: ['machines', 'actors', 'hub'],
  line: ['machines', 'actors', 'hub'],
  server: ['machines', 'actors', 'hub', 'line'],
  simulator: ['machines', 'actors', 'hub', 'scenarios'],
  torture: ['machines', 'actors', 'hub', 'simulator'],
  fuzz: ['machines', 'actors', 'hub', 'scenarios'],
  cli: ['machines', 'actors', 'hub', 'scenarios', 'coordination', 'line', 'server'],
  doors: [
    'machines',
    'actors',
    'hub',
    'scenarios',
    'tracking',
    'tracing',
    'inspection',
    'coordination',
    'line',
    'server',
    'simulator',
    'torture',
    'fuzz',
    'cli',
  ],
};

function pathTo(floor: string): string {
  if (floor === 'doors') return 'src/door.ts';
  return floor === 'outside' ? 'test/part.ts' : `src/${floor}/part.ts`;
}

const targetsOf = (from: string): string[] => [...Object.keys(floors), 'outside'].filter((to) => to !== from);

/** Files that import another floor: a value, a type, by passing it on, and at run time. */
function importing(from: string, to: string): Record<string, string> {
  const up = from === 'doors' ? '..' : '../..';
  const target = JSON.stringify(`${up}/${pathTo(to)}`.replace(`${up}/src/`, from === 'doors' ? './' : '../'));
  const file = (form: string) => pathTo(from).replace('.ts', `-${form}-${to}.ts`);
  return {
    [file('value')]: `import { part } from ${target};\nexport const value = part;\n`,
    [file('type')]: `import type { Part } from ${target};\nexport type Type = Part;\n`,
    [file('passed')]: `export { part } from ${target};\n`,
    [file('late')]: `export const late = () => import(${target});\n`,
  };
}

let house: string;
let refused: Map<string, string>;

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'house-'));
  const files: Record<string, string> = {
    'biome.json': readFileSync(new URL('biome.json', root), 'utf8'),
    '.gitignore': 'dist/\n',
  };
  for (const floor of [...Object.keys(floors), 'outside']) {
    files[pathTo(floor)] = 'export const part = 1;\nexport type Part = 1;\n';
  }
  for (const from of Object.keys(floors)) {
    for (const to of targetsOf(from)) Object.assign(files, importing(from, to));
  }
  Object.assign(files, {
    'src/hub/ring-a.ts': "import { b } from './ring-b.ts';\nexport const a = (): number => b();\n",
    'src/hub/ring-b.ts': "import { c } from './ring-c.ts';\nexport const b = (): number => c();\n",
    'src/hub/ring-c.ts': "export { a as c } from './ring-a.ts';\n",
    'src/hub/names-a.ts': "import type { B } from './names-b.ts';\nexport type A = B | 1;\n",
    'src/hub/names-b.ts': "import type { A } from './names-a.ts';\nexport type B = { a: A };\n",
    'inspector/src/by-the-door.ts': "export { part } from '../../src/door.ts';\n",
    'inspector/src/by-the-window.ts': "export { part } from '../../src/hub/part.ts';\n",
  });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  refused = lint(house);
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

/** What the linter refuses: the rule by file. */
function lint(directory: string): Map<string, string> {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '--error-on-warnings', '.'];
  let output: string;
  try {
    output = execFileSync(process.execPath, [biome, ...args], { cwd: directory, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const report = JSON.parse(output) as { diagnostics: { category: string; location: { path: string } }[] };
  return new Map(report.diagnostics.map(({ category, location }) => [location.path, category]));
}

test.each(Object.entries(floors))('%s imports %j and nothing else of the house', (from, allowed) => {
  const wrong: string[] = [];
  for (const to of targetsOf(from)) {
    const expected = allowed.includes(to) ? undefined : 'lint/style/noRestrictedImports';
    for (const file of Object.keys(importing(from, to))) {
      if (refused.get(file) !== expected) wrong.push(`${file}: ${refused.get(file) ?? 'passed'}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no ring of imports; types may name each other within a floor', () => {
  for (const file of ['ring-a', 'ring-b', 'ring-c']) {
    expect(refused.get(`src/hub/${file}.ts`)).toBe('lint/suspicious/noImportCycles');
  }
  for (const file of ['names-a', 'names-b']) expect(refused.has(`src/hub/${file}.ts`)).toBe(false);
});

test('the inspector comes in by the doors', () => {
  expect(refused.has('inspector/src/by-the-door.ts')).toBe(false);
  expect(refused.get('inspector/src/by-the-window.ts')).toBe('lint/style/noRestrictedImports');
});

test('every folder of src is a floor with a rule', () => {
  const folders = readdirSync(new URL('src', root), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(Object.keys(floors)).toEqual(expect.arrayContaining(folders.map(({ name }) => name)));
});

test('nobody asks the linter to look away from these rules', () => {
  const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' });
  const offenders = sources
    .filter((path) => path.endsWith('.ts'))
    .filter((path) =>
      /biome-ignore\S* lint(?!\/)|biome-ignore\S* \S*no(RestrictedImports|ImportCycles)/.test(
        readFileSync(new URL(`src/${path}`, root), 'utf8'),
      ),
    );
  expect(offenders).toEqual([]);
});

test('each project runs under its own build of XState: only the development one warns', ({ task }) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const actor = createActor(createMachine({})).start();
  actor.stop();
  actor.send({ type: 'late' });
  expect(warn).toHaveBeenCalledTimes(task.file.projectName === 'development' ? 1 : 0);
  warn.mockRestore();
});
