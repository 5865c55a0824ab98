import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openFold } from '../../src/index.ts';
import { playScenario, readScenario } from '../../src/testing.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { goTo, momentOf, recordsOf } from './support/moments.ts';
import { headOf, playOut, rush } from './support/playing.ts';

const text = readFileSync(new URL('../../scenarios/auth-system.yaml', import.meta.url), 'utf8');

describe('control of a simulation', () => {
  const built = builtPage();

  it('a fault by click stands in the log, and its link makes the same run in another browser', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=log');
    const { page } = visitor;
    await page.getByRole('button', { name: 'One record on' }).click();
    await page.getByRole('button', { name: 'To the end', exact: true }).click();
    const before = await headOf(page);
    await page.getByRole('button', { name: 'Faults' }).click();
    const panel = page.getByRole('dialog', { name: 'Faults' });
    await panel.getByRole('combobox', { name: 'Agent' }).fill('backend-1');
    expect(await violations(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Send it twice' }).click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'fault.injected' }).waitFor();
    expect(await headOf(page)).toBe(before + 1);
    const hash = await playOut(page);

    const play = await playScenario(readScenario(text));
    await play.simulation.settle();
    while (play.simulation.records().length < before) await play.advance();
    expect(play.simulation.records()).toHaveLength(before);
    play.inject({ duplicate: 'backend-1' });
    while (await play.advance());
    expect((await play.finish()).log.hash).toBe(hash);

    await expect.poll(() => page.url()).toContain('acts=');
    await using second = await built.visit(new URL(page.url()).hash);
    expect(await playOut(second.page)).toBe(hash);
  });

  it('a fault of an agent that is not there is refused, and in the past none can be made', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=log&at=44');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Faults' }).click();
    const panel = page.getByRole('dialog', { name: 'Faults' });
    await panel.getByText('You are looking at the past').waitFor();
    expect(await panel.getByRole('button', { name: 'Crash' }).isDisabled()).toBe(true);
    await panel.getByRole('button', { name: 'Go to the end' }).click();
    await panel.getByRole('combobox', { name: 'Agent' }).fill('nobody');
    await panel.getByRole('button', { name: 'Crash' }).click();
    await panel.getByText('there is no agent nobody').waitFor();
  });

  it('the hub cannot be told anything in the past, and the end is one click away', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=log&at=44');
    const { page } = visitor;
    await page.getByRole('button', { name: 'One record back' }).click();
    await page.getByRole('button', { name: 'The hub' }).click();
    const panel = page.getByRole('dialog', { name: 'The hub' });
    expect(await panel.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    await panel.getByRole('button', { name: 'Go to the end' }).click();
    await expect.poll(() => panel.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(false);
  });

  it('a link leads a fresh browser to the same moment, selection and state', async () => {
    const records = await recordsOf('auth-system');
    const hash = '#scenario=auth-system&seed=42&view=log&actor=agent%3Abackend-1&at=44';
    await using visitor = await built.visit(hash);
    const { page } = visitor;
    await page.getByRole('complementary', { name: 'Selected' }).getByText('backend-1').first().waitFor();
    expect(await momentOf(page)).toBe(44);
    const fold = openFold();
    const states = records.slice(0, 44).flatMap((record) => fold.next(record));
    const state = states.findLast(({ actor }) => actor === 'agent:backend-1')?.state ?? '';
    const words = state.slice(state.lastIndexOf('.') + 1);
    await page.getByRole('complementary', { name: 'Selected' }).getByText(words).first().waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy a link to this moment' }).click();
    await page.getByText('Link copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const params = new URLSearchParams(new URL(copied).hash.slice(1));
    expect(Object.fromEntries(params)).toMatchObject({ scenario: 'auth-system', actor: 'agent:backend-1', at: '44' });
  });

  it('a breakpoint stops right there, is said, and can be removed', async () => {
    const records = await recordsOf('auth-system');
    const fold = openFold();
    const expected = records.find((record) =>
      fold.next(record).some(({ actor, state }) => actor === 'agent:backend-1' && state === 'active.waiting'),
    );
    await using visitor = await built.visit('#scenario=auth-system&view=log&actor=agent:backend-1');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Breakpoints' }).click();
    const panel = page.getByRole('dialog', { name: 'Breakpoints' });
    await panel.getByRole('combobox', { name: 'Actor' }).fill('backend-1');
    await panel.getByRole('combobox', { name: 'State' }).fill('nonsense');
    await panel.getByRole('button', { name: 'Add' }).click();
    await panel.getByText('An agent is never nonsense. It can be: ').waitFor();
    await panel.getByRole('combobox', { name: 'State' }).fill('waiting');
    await panel.getByRole('button', { name: 'Add' }).click();
    await panel.getByText('agent backend-1 enters waiting').waitFor();
    expect(await panel.getByRole('listitem').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await rush(page);
    await page.getByText('Stopped: agent backend-1 enters waiting.').waitFor();
    expect(await momentOf(page)).toBe(expected?.seq);

    await goTo(page, 1);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('Stopped: agent backend-1').waitFor();
    expect(await momentOf(page)).toBe(expected?.seq);

    await page.getByRole('button', { name: 'Breakpoints: 1' }).click();
    await panel.getByRole('button', { name: 'Remove: agent backend-1 enters waiting' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('status', { name: 'Result' }).waitFor();
  });
});
