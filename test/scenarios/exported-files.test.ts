/** The exported files as somebody would use them: put beside other tests, and run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import * as testing from '../../src/testing.ts';

const { exportTest, readScenario, runScenario } = testing;

const root = fileURLToPath(new URL('../../', import.meta.url));
const place = `${root}test/scenarios/exported-${process.pid}`;
const text = readFileSync(`${root}scenarios/auth-system.yaml`, 'utf8');
const { records } = await runScenario(readScenario(text));
const { files } = await exportTest({ records, name: 'auth-system', scenario: { text } });

afterAll(() => rmSync(place, { recursive: true, force: true }));

function runVitest(): { readonly status: number | null; readonly output: string } {
  const args = ['vitest', 'run', place, '--project', 'production', '--reporter', 'default'];
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: root, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

test('they are green as they are, and red when somebody decides otherwise', () => {
  mkdirSync(place, { recursive: true });
  for (const { name, text } of files) writeFileSync(`${place}/${name}`, text);
  const green = runVitest();
  expect(green.output).toContain('1 passed');
  expect(green.status).toBe(0);

  const [scenario] = files;
  writeFileSync(`${place}/${scenario?.name}`, scenario?.text.replace('decision: approve', 'decision: reject') ?? '');
  const red = runVitest();
  expect(red.status).toBe(1);
  expect(red.output).toContain('approved by ann: it was rejected by ann');
});

test('they are red when a guard of a chart says the opposite', async () => {
  const text = readFileSync(`${root}scenarios/several-gates.yaml`, 'utf8');
  const { records } = await runScenario(readScenario(text));
  const { files } = await exportTest({ records, name: 'several-gates', scenario: { text } });
  const outcomeIn = async ({ runScenario, readScenario }: typeof testing) =>
    (await runScenario(readScenario(files[0]?.text ?? ''))).outcome;
  expect(await outcomeIn(testing)).toBe('passed');

  vi.resetModules();
  const { agentMachine } = await import('../../src/machines/agent.ts');
  Object.assign(agentMachine.implementations.guards, { isHeld: () => true });
  expect(await outcomeIn(await import('../../src/testing.ts'))).toBe('failed');
});
