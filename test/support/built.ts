/** This package as JavaScript, built from its source as it is now: for tests that need processes of their own. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of `dist` when it is newer than the source; else one that was built of just this source. */
export function built(): string {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, changedAt: statSync(join(root, 'src', name)).mtimeMs }));
  const dist = join(root, 'dist');
  const builtAt = existsSync(join(dist, 'cli.js')) ? statSync(join(dist, 'cli.js')).mtimeMs : 0;
  if (sources.every(({ changedAt }) => changedAt < builtAt)) return dist;

  const cache = join(root, 'node_modules', '.cache', 'built'); // Inside the package, so that dependencies are found.
  mkdirSync(cache, { recursive: true });
  const folder = join(cache, createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16));
  if (!existsSync(folder)) {
    forgetOld(cache);
    const fresh = mkdtempSync(join(cache, 'new-'));
    compile(fresh);
    try {
      renameSync(fresh, folder);
    } catch {
      rmSync(fresh, { recursive: true, force: true }); // Another test file was faster.
    }
  }
  return folder;
}

function compile(folder: string): void {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [compiler, '-p', 'tsconfig.build.json', '--outDir', folder, '--declaration', 'false'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (!existsSync(join(folder, 'cli.js'))) throw new Error(`the build has failed: ${stdout}`);
}

function forgetOld(cache: string): void {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (statSync(folder).mtimeMs < anHourAgo) rmSync(folder, { recursive: true, force: true });
  }
}
