/** A sample of what `npm run fuzz` does, and that it sees what is wrong. */
import { afterEach, expect, test, vi } from 'vitest';
import { fuzzCommand } from '../../src/fuzz/command.ts';
import { allEntries, fuzz } from '../../src/fuzz/fuzz.ts';
import { Desk } from '../../src/hub/desk.ts';
import { HubError } from '../../src/machines/errors.ts';

afterEach(() => vi.restoreAllMocks());

/** So many inputs, others in each of the two builds of XState. */
const inputs = 10_000;

test(`${inputs} pieces of nonsense: each is taken or refused, none crashes it, and no refusal changes a thing (Fz1 to Fz4)`, {
  timeout: 600_000,
}, async ({ task }) => {
  const { entries, flaws } = await fuzz({ inputs, seed: task.file.projectName === 'development' ? 11 : 12 });
  expect(flaws).toEqual([]);
  expect(Object.keys(entries)).toEqual((await allEntries()).map(({ name }) => name));
  for (const [name, { inputs: count }] of Object.entries(entries)) expect(count, name).toBeGreaterThanOrEqual(10);
  // What is never taken is not near enough to what is right.
  for (const name of ['hub.submit', 'hub.register', 'hub.orchestrate', 'readScenario', 'acceptPlan', 'importLog']) {
    expect(entries[name]?.accepted, name).toBeGreaterThan(0);
  }
});

/** Whoever asks for an agent that is not there is refused in this way. */
const refusing = (refuse: (desk: Desk) => void) =>
  vi.spyOn(Desk.prototype, 'agent').mockImplementation(function (this: Desk, agentId: string) {
    const entry = this.state.agents.get(agentId);
    if (entry !== undefined) return entry;
    refuse(this);
    throw new HubError('unknownAgent', 'there is none');
  });

test('an error that is none of the hub, a changed state, a prototype that was changed: each is found', async () => {
  const found = async () => (await fuzz({ inputs: 30, seed: 1, only: 'hub.inbox' })).flaws.map(({ why }) => why);
  expect(await found()).toEqual([]);
  refusing(() => {
    throw new TypeError('oh');
  });
  expect(await found()).toEqual([expect.stringContaining('it was met with TypeError: oh')]);
  refusing(() => {
    throw new HubError('internal', 'oh');
  });
  expect(await found()).toEqual([expect.stringContaining('it was met with HubError internal: oh')]);
  refusing(({ state }) => state.deadLetters.clear());
  expect(await found()).toEqual([expect.stringContaining('has changed the state')]);
  refusing((desk) => desk.command('project.update', { phase: 'another' }));
  expect(await found()).toEqual([expect.stringContaining('stands in the log')]);
  refusing(() => {
    Object.defineProperty(Object.prototype, 'isAdmin', { value: true, configurable: true });
  });
  try {
    expect(await found()).toEqual(['a prototype was changed']);
  } finally {
    delete (Object.prototype as { isAdmin?: boolean }).isAdmin;
  }
});

async function run(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const exit = await fuzzCommand(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    now: () => 0,
  });
  return { exit, stdout, stderr };
}

test('the command prints what was found, and says so by its exit code', async () => {
  const fine = await run('--inputs', '20', '--only', 'hub.inbox', '--json');
  expect(fine.exit).toBe(0);
  expect(JSON.parse(fine.stdout)).toMatchObject({ seed: 1, inputs: 20, flaws: [], entries: { 'hub.inbox': {} } });
  refusing(() => {
    throw new TypeError('oh');
  });
  const { exit, stdout } = await run('--inputs', '20', '--only', 'hub.inbox');
  expect(exit).toBe(1);
  expect(stdout).toMatch(/^hub\.inbox\(.*\): it was met with TypeError: oh/);
  for (const args of [['--inputs', '0'], ['--seed', 'x'], ['--hard']]) {
    expect(await run(...args)).toMatchObject({ exit: 2, stderr: expect.stringContaining('npm run fuzz --') });
  }
});
