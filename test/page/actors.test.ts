import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../inspector/src/model/tone.ts';
import { foldLog, openFold } from '../../src/index.ts';
import { largeChart } from '../inspector/support/large-chart.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { drawn, goTo, momentOf, recordsOf } from './support/moments.ts';
import { visit } from './support/visit.ts';

/** Where the chart is lit: the states, and the arrows of the last event. */
const lit = async (page: Page) => ({
  states: await page
    .locator('.chart .box.lit')
    .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-path'))),
  arrows: await page
    .locator('.chart .arrow.lit')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-arrow'))),
});

/** Goes so many records on, and to the end of what has happened then: there one can act. */
async function stepTo(page: Page, seq: number): Promise<void> {
  await page.getByRole('button', { name: 'Play' }).waitFor();
  for (let step = 1; step <= seq; step++) {
    await page.keyboard.press('ArrowRight');
    await page.getByText(new RegExp(`^${step} / `)).waitFor();
  }
  await page.keyboard.press('End');
}

describe('the actors', () => {
  const built = builtPage();

  it('stand in the tree at any moment where the fold says, and so does the chart', async () => {
    const records = await recordsOf('auth-system');
    await using visitor = await built.visit(`#scenario=auth-system&view=actors&at=${records.length}`);
    const { page } = visitor;
    await page.getByRole('tree', { name: 'Actors' }).waitFor();
    await page.getByRole('treeitem', { name: 'auth-002-backend' }).click();
    await page.locator('.chart').waitFor();
    for (const seq of drawn(6, records.length)) {
      await goTo(page, seq);
      const { tasks, status } = foldLog(records.slice(0, seq));
      const shown = await page.getByRole('treeitem').allTextContents();
      for (const { kind, id, state } of [
        ...status.agents.map(({ id, state }) => ({ kind: 'agent', id, state })),
        ...tasks.map(({ id, state }) => ({ kind: 'task', id, state })),
      ]) {
        expect(shown, `record ${seq}`).toContain(`${id}${kind} ${wordsOf(state)}`);
      }
      const state = tasks.find(({ id }) => id === 'auth-002-backend')?.state;
      if (state === undefined) continue;
      const path = state.split('.');
      expect((await lit(page)).states).toEqual(path.map((_, index) => path.slice(0, index + 1).join('.')));
    }
  });

  it.each(['light', 'dark'] as const)(
    'show which way the last event went, and what is known of them, %s',
    async (colorScheme) => {
      const records = await recordsOf('auth-system');
      const fold = openFold();
      const closed = records.findIndex((record) =>
        fold.next(record).some(({ actor, event }) => actor === 'agent:backend-1' && event === 'consultation.closed'),
      );
      await using visitor = await visit(
        built.browser,
        built.url,
        `#scenario=auth-system&view=actors&at=${closed + 1}&actor=agent:backend-1`,
        { colorScheme },
      );
      const { page } = visitor;
      await page.locator('.chart').waitFor();
      expect((await lit(page)).arrows.sort()).toEqual(['active.waiting→settling', 'settling→active.working']);
      await page.getByRole('button', { name: 'auth-002-backend' }).first().waitFor();
      await page.getByRole('button', { name: 'Table' }).click();
      await expectText(page, '.chart-table tr:has(.now) th', ['active now', 'working now']);
      await expectText(page, '.chart-table tr.lit td:last-child', ['settling · last', 'active.working · last']);
      expect(await violations(page)).toEqual([]);
    },
  );

  it('name the last event on its arrow, and no other one', async () => {
    await using visitor = await built.visit('#scenario=jwt-question&view=actors&actor=agent:backend-1');
    const { page } = visitor;
    await stepTo(page, 9);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await expectText(page, '.last-step strong', ['agent.paused']);
    await expectText(page, '.chart .arrow.lit .said', ['paused']);
  });

  it('keep the focus where a message was sent from, and lead to no end of a run that is over', async () => {
    await using visitor = await built.visit('#scenario=jwt-question&view=actors&actor=agent:backend-1');
    const { page } = visitor;
    await stepTo(page, 9);
    const message = page.getByRole('textbox', { name: 'Message' });
    await message.fill('look at the log');
    const send = page.getByRole('button', { name: 'Send' });
    await send.click();
    await expect.poll(() => message.inputValue()).toBe('');
    expect(await send.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('status', { name: 'Result' }).waitFor();
    await page.getByRole('button', { name: 'One record back' }).click();
    await page.getByText('This run is over.').waitFor();
    expect(await page.getByRole('button', { name: 'Go to the end' }).count()).toBe(0);
  });

  it.each(['agent:backend-1', 'task:auth-002-backend', 'hub'])('have a chart that is whole: %s', async (actor) => {
    const viewport = { width: 1440, height: 900 };
    await using visitor = await built.visit(`#scenario=auth-system&view=actors&at=60&actor=${actor}`, { viewport });
    const { page } = visitor;
    await page.locator('.chart').waitFor();
    const cut = () =>
      page
        .getByRole('group', { name: 'Chart' })
        .evaluate((one) => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]);
    await expect.poll(cut).toEqual([0, 0]);
  });

  it('say what is known of them in words, not in raw values', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=actors&at=60&actor=agent:backend-1');
    const { page } = visitor;
    const facts = page.locator('.now-facts');
    await facts.getByText('average latency 7 min').waitFor();
    await facts.getByText('average quality –').waitFor();
    await page.goto(`${built.url}#scenario=auth-orchestration&view=actors&at=50&actor=orchestration:auth`);
    await facts.getByText('estimated minutes 20–30 min').first().waitFor();
    await facts.getByText('duration 15 min').first().waitFor();
    expect(await facts.textContent()).not.toMatch(/[{}]|17672256/);
  });

  it('are walked through by keys, and time stands still', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=actors&at=30');
    const { page } = visitor;
    await page.getByRole('tree', { name: 'Actors' }).focus();
    const moment = await momentOf(page);
    const active = () => page.getByRole('tree').evaluate((tree) => tree.getAttribute('aria-activedescendant'));
    for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    expect(await active()).toBe('row_agent:architect-1');
    await page.getByRole('region', { name: 'agent architect-1' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('treeitem', { name: 'agents' }).getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('End');
    expect(await active()).toBe('row_task:auth-006-docs');
    expect(await momentOf(page)).toBe(moment);
  });

  it('with a chart of 60 states, which is laid out in a worker', async () => {
    await using visitor = await built.visit();
    const { page } = visitor;
    await page.addInitScript((chart) => {
      class OtherCharts extends Worker {
        override postMessage(message: { question?: string; id?: number }): void {
          if (message.question === 'charts') {
            this.dispatchEvent(
              new MessageEvent('message', { data: { kind: 'answer', id: message.id, answer: [chart] } }),
            );
          } else super.postMessage(message);
        }
      }
      globalThis.Worker = OtherCharts;
    }, largeChart('task'));
    await page.goto(`${built.url}?large#scenario=jwt-question&view=actors&at=12`);
    await page.getByRole('tree', { name: 'Actors' }).waitFor();
    const before = page.workers().length;
    await page
      .getByRole('treeitem', { name: /task \w/ })
      .first()
      .click();
    await page.locator('.chart').waitFor();
    expect(await page.locator('.chart .box').count()).toBe(60);
    expect(page.workers().length).toBeGreaterThanOrEqual(Math.max(2, before));
  });
});

async function expectText(page: Page, selector: string, texts: readonly string[]): Promise<void> {
  const found = await page.locator(selector).allTextContents();
  expect(found.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual(texts);
}
