import { mkdirSync, readdirSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { exportLog } from '../../src/actors/export-log.ts';
import type { CommandIo } from '../../src/cli/command.ts';
import { employ } from '../../src/cli/demo-team.ts';
import { inspect } from '../../src/cli/inspect.ts';
import { main } from '../../src/cli/main.ts';
import { hasDesktop } from '../../src/cli/open-browser.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { runCommand } from '../support/command.ts';
import { rejection } from '../support/refusals.ts';
import { attach, logOf, servedHub } from '../support/served-hub.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const temporary = temporaryFiles();
afterEach(() => vi.unstubAllEnvs());

interface Place {
  readonly link: string;
  readonly url: string;
  readonly hub: string;
  readonly token: string;
}

/** Runs the command until `use` is done with what it serves; then as if somebody pressed Ctrl-C. */
async function inspecting(args: readonly string[], use: (place: Place) => Promise<void> = async () => {}) {
  const stop = new AbortController();
  let used: Promise<void> | undefined;
  const ended = await runCommand((io) => main([inspect], ['inspect', '--json', ...args], io), {
    signal: stop.signal,
    onWrite(text) {
      if (!text.startsWith('{"link"')) return;
      used = use(JSON.parse(text) as Place).finally(() => stop.abort());
    },
  });
  await used;
  return ended;
}

test('without anything it serves the gallery and a live hub, until Ctrl-C', async () => {
  const folder = temporary('for-temporary-files');
  mkdirSync(folder);
  vi.stubEnv('TMPDIR', folder);
  let port = '';
  const { exitCode, stderr } = await inspecting(['--port', '0'], async ({ link, url, hub, token }) => {
    port = new URL(url).port;
    expect(new URLSearchParams(new URL(link).hash.slice(1))).toEqual(new URLSearchParams({ offers: hub, token }));
    expect((await fetch(url)).headers.get('content-security-policy')).toContain("default-src 'self'");
    using one = attach({ hubUrl: hub, token });
    expect(await one.line.attached).toMatchObject({ project: 'demo', isRecorded: false });
    await one.until(() => one.records.some(({ type }) => type === 'task.assigned'));
    await one.line.command({ name: 'pause', args: [], as: 'ann' });
    expect(readdirSync(folder)).toHaveLength(1);
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(readdirSync(folder)).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test('with --store the live hub goes on where it was', async () => {
  const store = `sqlite:${temporary('live.db')}`;
  const args = ['--port', '0', '--store', store];
  await inspecting(args, async ({ hub, token }) => {
    using one = attach({ hubUrl: hub, token });
    await one.line.attached;
    await one.line.command({ name: 'submit', args: [{ id: 'mine', type: 'x' }], as: 'ann' });
  });
  await inspecting(args, async ({ hub, token }) => {
    using one = attach({ hubUrl: hub, token });
    await one.until(() => one.records.filter(({ type }) => type === 'hub.started').length === 2);
    const tasks = one.records.flatMap((record) => (record.type === 'task.submit' ? record.payload.taskId : []));
    expect(tasks).toEqual(expect.arrayContaining(['sign-in-api', 'mine']));
    expect(new Set(tasks).size).toBe(tasks.length);
  });
});

test('a log that was kept, to look at', async () => {
  await using served = await servedHub();
  await served.hub.submit({ type: 'x' }).accepted;
  const records = await logOf(served.hub);
  const file = temporary('kept.jsonl', [...exportLog(records)].join(''));
  const { exitCode } = await inspecting(['--port', '0', file], async ({ link, hub, token }) => {
    expect(new URLSearchParams(new URL(link).hash.slice(1)).get('hub')).toBe(hub);
    using one = attach({ hubUrl: hub, token });
    expect(await one.line.attached).toMatchObject({ isRecorded: true, project: 'kept.jsonl' });
    await one.until(() => one.isOver);
    expect(one.records).toEqual(records);
  });
  expect(exitCode).toBe(0);
});

test('a hub in another process: what is said and done goes through (Rl1)', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  await inspecting(['--port', '0', server.link], async (place) => {
    expect(place.hub).not.toBe(server.hubUrl);
    using one = attach({ hubUrl: place.hub, token: place.token });
    await one.line.attached;
    for (let n = 0; n < 2000; n++) hub.submit({ type: 'x', payload: { n } });
    await one.line.command({ name: 'pause', args: ['lunch'], as: 'ann' });
    await one.until(() => one.records.some(({ type }) => type === 'hub.pause'));
    expect(one.records).toEqual(await logOf(hub));
    using stranger = attach({ hubUrl: place.hub, token: 'another-token' });
    expect(await rejection(stranger.line.attached)).toMatchObject({ code: 'forbidden' });
  });
  await expect.poll(() => server.connections).toBe(0);
});

test('the next free port, unless one was asked for', async () => {
  await inspecting([], async ({ url }) => {
    const { port } = new URL(url);
    expect(Number(port)).toBeGreaterThanOrEqual(4700);
    const asked = await inspecting(['--port', port]);
    expect(asked.exitCode).toBe(2);
    expect(JSON.parse(asked.stderr)).toMatchObject({ error: { code: 'conflict', path: 'port' } });
    const { exitCode } = await inspecting([], async (other) => expect(other.url).not.toBe(url));
    expect(exitCode).toBe(0);
  });
});

test.each([
  [['a.jsonl', 'b.jsonl'], /"b.jsonl" is one too many/],
  [['--port', 'x'], /--port takes a number/],
  [['--token', 'short'], /--token takes 8 characters/],
  [['--store', 'log.jsonl'], /--store takes sqlite:FILE/],
  [['a.jsonl', '--store', 'sqlite:x'], /--store is for the live hub/],
  [['team.yaml'], /team.yaml is a scenario: drop it on the page/],
  [['picture.png'], /"picture.png" is no log/],
  [['ftp://example.com'], /"ftp:..example.com" is no log: .* or the ws:\/\/ or http:\/\/ address of a hub/],
  [['nowhere.jsonl'], /there is no such file/],
  [['ws://127.0.0.1:9/hub'], /there is no hub at/],
  [['http://'], /is no address/],
  [['--host', '203.0.113.7', '--port', '0'], /cannot listen at 203.0.113.7/],
])('%j is refused with exit code 2', async (args, message) => {
  const { exitCode, stderr, stdout } = await inspecting(args);
  expect(JSON.parse(stderr).error.message).toMatch(message);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

test('for people it prints the address, and how to stop it', async () => {
  const stop = new AbortController();
  const { stdout } = await runCommand((io) => main([inspect], ['inspect', '--port', '0'], io), {
    signal: stop.signal,
    onWrite: () => stop.abort(),
  });
  expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#offers=/);
  expect(stdout).toContain('Ctrl-C stops it.');
});

test.each<[string, Partial<CommandIo>, NodeJS.Platform, boolean]>([
  ['a terminal on a Mac', { isTTY: true, env: {} }, 'darwin', true],
  ['a terminal with a desktop', { isTTY: true, env: { DISPLAY: ':0' } }, 'linux', true],
  ['a terminal without a desktop', { isTTY: true, env: {} }, 'linux', false],
  ['CI', { isTTY: true, env: { CI: 'true', DISPLAY: ':0' } }, 'linux', false],
  ['a pipe', { isTTY: false, env: {} }, 'darwin', false],
])('%s: a browser is opened, or not', (_what, io, platform, expected) => {
  expect(hasDesktop(io as CommandIo, platform)).toBe(expected);
});

test('the demo team comes to a gate, fails once, and is done when a person has decided', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  employ(hub);
  await simulation.run();
  const [gate] = hub.gates();
  expect(gate).toMatchObject({ reason: 'Deploy signing in to production?', taskId: 'sign-in-deploy' });
  expect(hub.task('sign-in-tests')).toMatchObject({ status: 'completed', attempts: 2 });
  await hub.decideGate(gate?.id ?? '', { decision: 'approve', by: 'ann' });
  await simulation.run();
  expect(hub.tasks().map(({ status }) => status)).toEqual(['completed', 'completed', 'completed', 'completed']);
  await expectFoldEqual(simulation);
});
