import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { renderReadme } from '../scripts/readme.js';

test('the README shows the code that runs; `npm run readme` makes it anew', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

  expect(readme).toBe(renderReadme(readme));
});

test('the embedding example of the README does what it says', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});

  const { outcome } = await import('../examples/embed.ts');

  expect(outcome).toMatchObject({ status: 'completed', agentId: 'backend-1', result: { deployed: true } });
  expect(print).toHaveBeenCalledWith(outcome);
});
