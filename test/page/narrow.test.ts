import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtPage } from './support/built-page.ts';

const viewport = { width: 390, height: 844 };

async function boxOf(locator: Locator) {
  await locator.waitFor();
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is nowhere');
  const { x: left, y: top, width, height } = box;
  return { left, top, right: left + width, bottom: top + height, width, height };
}

const isWhole = (elements: Element[]) => elements.map((one) => one.scrollWidth <= one.clientWidth);

describe('on a narrow screen', () => {
  const built = builtPage();
  const open = (hash: string) => built.visit(hash, { viewport });

  it('no row of the queue lies over another one, and each says since when it waits', async () => {
    await using visitor = await built.visit('#scenario=priorities&view=queue&at=14', {
      viewport: { width: 1280, height: 844 },
    });
    const { page } = visitor;
    await page.locator('.queue-row').first().waitFor();
    await page.setViewportSize(viewport);
    const rows = () =>
      page.locator('.queue-row').evaluateAll((all) =>
        all.map((row) => ({
          since: (row.querySelector('.since')?.getBoundingClientRect().height ?? 0) > 0,
          sticksOut: [...row.querySelectorAll('*')].some(
            (one) => one.getBoundingClientRect().bottom > row.getBoundingClientRect().bottom,
          ),
        })),
      );
    await expect.poll(rows).toEqual(Array.from({ length: 4 }, () => ({ since: true, sticksOut: false })));
    const tops = await page
      .locator('.queue-row, .queue-group')
      .evaluateAll((all) => all.map((row) => row.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]));
    const sorted = tops.toSorted(([a = 0], [b = 0]) => a - b);
    for (const [index, [, bottom = 0]] of sorted.entries())
      expect(sorted[index + 1]?.[0] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(bottom);
  });

  it('everything can be exported', async () => {
    await using visitor = await open('#scenario=auth-system&at=60');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const { left, right } = await boxOf(dialog);
    expect(left).toBeGreaterThanOrEqual(16);
    expect(right).toBeLessThanOrEqual(390 - 16);
    for (const button of await dialog.getByRole('button').all())
      expect((await boxOf(button)).right).toBeLessThan(right);
  });

  it('the current view is in sight, the last one in sight is cut, and open gates are never out of sight', async () => {
    await using visitor = await open('#scenario=several-gates&view=scenario&at=12');
    const { page } = visitor;
    const nav = page.getByRole('navigation', { name: 'Views' });
    const tab = (name: string) => nav.getByRole('button', { name });
    await expect.poll(async () => (await boxOf(tab('Scenario'))).right).toBeLessThanOrEqual(390);
    await tab('Gates').getByText('1 open').waitFor({ state: 'attached' });
    expect((await boxOf(tab('Gates'))).left).toBeGreaterThanOrEqual(0);
    await tab('Floor').click();
    await expect.poll(async () => (await boxOf(tab('Floor'))).left).toBeGreaterThanOrEqual(0);
    expect((await boxOf(tab('Gates'))).right).toBeLessThanOrEqual(390);
    const edges = await nav
      .getByRole('button')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));
    expect(edges.some(({ left, right }) => left < 380 && right > 400)).toBe(true);
  });

  it('the log says the whole type, the time, and what it is about', async () => {
    await using visitor = await open('#scenario=auth-system&view=log&at=45');
    const { page } = visitor;
    const row = page.locator('.log-row.current');
    await row.waitFor();
    expect(await row.getByRole('button').textContent()).toBe('consultation.answered');
    expect((await boxOf(row)).bottom).toBeLessThan((await boxOf(page.getByRole('contentinfo'))).top + 1);
    expect(await row.getByRole('button').evaluateAll(isWhole)).toEqual([true]);
    const cells = await row.getByRole('cell').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    expect(cells).toHaveLength(5);
    expect(Math.min(...cells)).toBeGreaterThan(20);
  });

  it('the plan is a table, too', async () => {
    await using visitor = await open('#scenario=auth-orchestration&view=plan&at=60');
    const { page } = visitor;
    const toggle = page.getByRole('button', { name: 'Table', exact: true });
    expect((await boxOf(toggle)).right).toBeLessThan(390);
    expect((await boxOf(page.getByRole('group', { name: 'Plan by stages' }))).height).toBeGreaterThan(200);
    await toggle.click();
    await page.getByRole('rowheader').first().waitFor();
  });

  it('names of agents are not broken', async () => {
    await using visitor = await open('#scenario=auth-system&view=why&at=11');
    const name = visitor.page.getByRole('table').getByRole('button', { name: 'architect-1', exact: true });
    expect((await boxOf(name)).height).toBeLessThan(30);
  });

  it('a run can be closed', async () => {
    await using visitor = await open('#scenario=auth-orchestration&at=60');
    const { page } = visitor;
    const close = page.getByRole('button', { name: 'Close auth-orchestration' });
    const tab = await boxOf(page.getByRole('navigation', { name: 'Runs' }).getByRole('button').first());
    const { left, right } = await boxOf(close);
    expect(left).toBeGreaterThanOrEqual(tab.right);
    expect(right).toBeLessThanOrEqual((await boxOf(page.getByRole('button', { name: 'Export', exact: true }))).left);
    await close.click();
    await page.getByRole('heading', { name: 'Watch a team of agents' }).waitFor();
  });

  it('the chart of an actor is whole, and what is known of it comes below', async () => {
    await using visitor = await open('#scenario=auth-system&view=actors&at=60');
    const { page } = visitor;
    await page.getByRole('img', { name: /^Statechart of hub/ }).waitFor();
    const frame = page.getByRole('group', { name: 'Chart' });
    await expect.poll(() => frame.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
    const { bottom } = await boxOf(frame);
    const transport = await boxOf(page.getByRole('contentinfo'));
    expect(bottom).toBeLessThan(transport.top);
    const pane = await page.locator('.actor-pane').evaluate((one) => one.scrollHeight - one.clientHeight);
    expect(pane).toBe(0);
  });

  it('what opens over the transport leaves Play in sight', async () => {
    await using visitor = await open('#scenario=auth-system&at=60');
    const { page } = visitor;
    const play = await boxOf(page.getByRole('button', { name: 'Play' }));
    await page.getByRole('button', { name: 'Fork', exact: true }).click();
    await page.getByRole('button', { name: 'Fork with seed' }).waitFor();
    const { left, right, bottom } = await boxOf(page.locator('.popover'));
    expect(bottom).toBeLessThan(play.top);
    expect(left).toBeCloseTo(390 - right, 0);
    expect(await page.getByRole('button', { name: 'Fork with seed' }).evaluateAll(isWhole)).toEqual([true]);
  });

  it.each(['floor', 'sequence', 'log'])(
    'what is selected lies above the transport, and the moment is in sight: %s',
    async (view) => {
      await using visitor = await open(`#scenario=auth-system&view=${view}&at=45`);
      const { page } = visitor;
      await page.getByRole('slider', { name: 'Moment' }).waitFor();
      await page.goto(`${built.url}#scenario=auth-system&view=${view}&at=45&actor=task:auth-002-backend`);
      const sheet = page.getByRole('complementary', { name: 'Selected' });
      const { top, bottom } = await boxOf(sheet);
      expect(bottom).toBeLessThanOrEqual((await boxOf(page.getByRole('contentinfo'))).top);
      expect((await boxOf(page.getByRole('main'))).bottom).toBeLessThanOrEqual(top);
      if (view === 'log')
        await expect.poll(async () => (await boxOf(page.locator('.log-row.current'))).bottom).toBeLessThan(top + 1);
      await page.getByRole('button', { name: 'Play' }).click();
    },
  );

  it('the agent that is selected is in sight on the floor, by its name', async () => {
    await using visitor = await open('#scenario=auth-system&view=floor&at=45&actor=agent:writer-1');
    const { page } = visitor;
    const { top } = await boxOf(page.getByRole('complementary', { name: 'Selected' }));
    const agent = page.getByRole('option', { name: /^writer-1/ });
    await expect.poll(async () => (await boxOf(agent)).bottom + 36).toBeLessThan(top);
    expect(await page.getByRole('button', { name: 'The whole floor' }).count()).toBe(0);
  });

  it('how far the run is stays whole beside the result, and so does the caption of the floor', async () => {
    await using visitor = await open('#scenario=auth-system&view=floor');
    const { page } = visitor;
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('status', { name: 'Result' }).waitFor();
    const { right } = await boxOf(page.locator('.transport-labels > .mono').last());
    expect(right).toBeLessThanOrEqual(390 - 12);
    await page.getByRole('slider', { name: 'Moment' }).fill('45');
    await page.locator('.floor-caption').getByText('consultation.answered').waitFor();
    expect((await boxOf(page.locator('.floor-caption > .link'))).right).toBeLessThanOrEqual(390);
    expect(await page.locator('.floor-caption').evaluateAll(isWhole)).toEqual([true]);
  });

  it('what is tapped is at least 40 px wide and high', async () => {
    await using visitor = await open('#scenario=auth-system&at=60');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Run again from the beginning' }).waitFor();
    const sizes = await page
      .locator('.top-bar .button, .transport .button, .transport select')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => [width, height]));
    expect(sizes.length).toBeGreaterThan(12);
    expect(Math.min(...sizes.flat())).toBeGreaterThanOrEqual(40);
  });
});

describe('at 200 %', () => {
  const built = builtPage();
  const zoomed = { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 };

  it('the transport is one row, and each view keeps a height to be looked at', async () => {
    await using visitor = await built.visit('#scenario=auth-orchestration&view=floor&at=50', zoomed);
    const { page } = visitor;
    expect((await boxOf(page.getByRole('contentinfo'))).height).toBeLessThan(70);
    const { top, bottom } = await boxOf(page.getByRole('main'));
    expect((await boxOf(page.locator('.floor-ground'))).height).toBeGreaterThan(240);
    const scrolled = () => page.getByRole('main').evaluate((main) => main.scrollHeight > main.clientHeight);
    expect(await scrolled()).toBe(true);
    const views = page.getByRole('navigation', { name: 'Views' });
    await views.getByRole('button', { name: 'Timeline' }).click();
    expect((await boxOf(page.locator('.lanes'))).height).toBeGreaterThan(140);
    await views.getByRole('button', { name: 'Plan' }).click();
    const graph = await boxOf(page.getByRole('group', { name: 'Plan by stages' }));
    expect(graph.height).toBeGreaterThan(140);
    expect((await boxOf(page.getByRole('region', { name: 'Report' }))).top).toBeGreaterThanOrEqual(graph.bottom - 1);
    expect((await boxOf(page.getByRole('button', { name: 'Table', exact: true }))).bottom).toBeLessThan(graph.top);
    expect(bottom - top).toBeGreaterThan(200);
  });
});
