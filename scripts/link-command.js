/**
 * Makes `npx xstate-hub` run this checkout's own command: npm links the commands of dependencies only, and the
 * compiler leaves no executable bit. (Without the link npx keeps a copy of it in its cache, and when its first
 * call came before the build, that copy stays broken.)
 */
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const bin = new URL('node_modules/.bin/', root);

chmodSync(new URL('dist/cli.js', root), 0o755);
if (process.platform !== 'win32') {
  mkdirSync(bin, { recursive: true });
  rmSync(new URL('xstate-hub', bin), { force: true });
  symlinkSync('../../dist/cli.js', new URL('xstate-hub', bin));
}
