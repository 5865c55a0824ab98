import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { renderReadme } from '../scripts/readme.js';
import { hubLine } from '../src/line.ts';
import { temporaryFiles } from './support/temporary-files.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

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

test('the durable example of the README does what it says, and again on the same file', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('HUB_LOG', temporaryFiles()('hub.db'));

  const first = await import('../examples/durable.ts');
  vi.resetModules();
  const second = await import('../examples/durable.ts');
  vi.unstubAllEnvs();

  expect([first.outcome.status, second.outcome.status]).toEqual(['completed', 'completed']);
  expect(print.mock.calls).toEqual([[first.outcome.taskId, 'completed']]);
});

test('the serving example of the README does what it says', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});

  const { server } = await import('../examples/serve.ts');
  const line = hubLine({ url: server.hubUrl, token: server.token, WebSocket, onRecords() {} });

  expect(await line.attached).toMatchObject({ project: 'web-shop' });
  expect(print).toHaveBeenCalledWith(server.link);
  line.close();
  await server.close();
});

test('the orchestration example of the README does what it says', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});

  const { outcome } = await import('../examples/orchestrate.ts');

  expect(outcome.status).toBe('completed');
  expect(outcome.report.subtasks).toHaveLength(6);
  expect(outcome.report.stages).toHaveLength(5);
  expect(print.mock.calls[0]?.[0]).toContain('# Add authentication system');
  expect(print).toHaveBeenLastCalledWith('healthy', expect.stringContaining('development-1'));
});
