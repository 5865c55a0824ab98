import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { renderReadme } from '../scripts/readme.js';
import { parseScript } from '../src/actors/script.ts';
import { hubLine } from '../src/line.ts';
import { refusal } from './support/refusals.ts';
import { temporaryFiles } from './support/temporary-files.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

afterEach(() => {
  vi.restoreAllMocks();
});

test('the README shows the code that runs; `npm run readme` makes it anew', () => {
  expect(readme).toBe(renderReadme(readme));
});

test('the README names every step of a script', () => {
  const { expected = '' } = refusal(() => parseScript([{}] as never));
  const steps = expected.replace(/^one of |, as a key$/g, '').split(', ');

  const [, listed = ''] = /Steps of a script: (.*?)\. /s.exec(readme) ?? [];

  expect(listed.split(/,\s/)).toEqual(steps.map((step) => `\`${step}\``));
});

test('the README says of every package that an entry needs how to install it', () => {
  const { peerDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const installed = [...readme.matchAll(/`npm install (\S+)@([\d.]+)`/g)].map(([, name, version]) => [name, version]);

  expect(Object.fromEntries(installed)).toEqual(
    Object.fromEntries(
      Object.entries<string>(peerDependencies).map(([name, range]) => [name, /\^(0\.\d+|\d+)/.exec(range)?.[1]]),
    ),
  );
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

test('the example of a plan by hand does what it says', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});

  const { outcome } = await import('../examples/by-hand.ts');

  expect(outcome.status).toBe('completed');
  expect(outcome.report.subtasks.map(({ id, agentId }) => [id, agentId])).toEqual([
    ['design', 'designer-1'],
    ['build', 'developer-1'],
    ['review', 'reviewer-1'],
  ]);
  expect(print).toHaveBeenLastCalledWith(
    outcome.report.subtasks,
    expect.objectContaining({ count: 3 }),
    expect.stringContaining('# TYPE'),
  );
});
