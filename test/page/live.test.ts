import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../../scripts/built-page.js';
import type { HubRecord } from '../../src/machines/messages.ts';
import { wireTo } from '../support/wire.ts';
import { violations } from './support/axe.ts';
import { type LiveHub, startHub } from './support/live-hub.ts';
import { visit } from './support/visit.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const isApproval = ({ type }: HubRecord) => type === 'gate.approved';
const approve = (page: Page) => page.getByRole('button', { name: 'Approve', exact: true });
const nameField = (page: Page) => page.getByRole('main').getByRole('combobox', { name: 'Your name' });
const momentOf = (page: Page) => page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuetext');
/** A loaded machine is slow, and nothing here measures time. */
const patience = { timeout: 30_000 };
/** Whether the page shows all that the other client has heard. */
const isWhole = (page: Page, { witness: { records } }: LiveHub) =>
  expect
    .poll(async () => (await momentOf(page)) === `record ${records.length} of ${records.length}`, patience)
    .toBe(true);
const heading = (page: Page) => page.getByRole('article').getByRole('heading', { level: 2 });

describe('a live hub in another process', () => {
  let hub: LiveHub;
  beforeEach(async () => {
    hub = await startHub('test/page/support/team.js');
    return () => hub[Symbol.asyncDispose]();
  });

  it('a gate is decided by click: once, seen by another client, and still after a reload (G8)', async () => {
    await using visitor = await visit(browser, hub.link, '&view=gates');
    const { page } = visitor;
    await page.getByText('Deploy shop-api?').first().waitFor();
    const pane = page.getByRole('article');
    expect(await pane.textContent()).toMatch(/asked bydev-1.*forshop-api.*may be decided byann or bob/);
    expect(await pane.textContent()).toContain('in 10 min a reminder is sent');
    await nameField(page).fill('carl');
    await pane.getByText('Only ann or bob may decide this.').waitFor();
    await nameField(page).fill('ann');
    await page.getByRole('textbox', { name: 'Reason' }).fill('all green');
    await approve(page).dblclick({ force: true });
    const approved = await hub.witness.find(isApproval);
    const decision = hub.witness.records.find(({ id }) => id === approved.causationId);
    expect(decision).toMatchObject({
      type: 'gate.decide',
      from: 'client:ann',
      payload: { decision: 'approve', by: 'ann', reason: 'all green', contentHash: expect.stringMatching(/^\w{64}$/) },
    });
    await pane.getByText('Approved by ann').waitFor();
    await pane.getByText('all green').waitFor();
    await hub.witness.find(({ type, payload }) => type === 'task.completed' && payload.taskId === 'shop-api');
    await page.reload();
    await page.getByRole('region', { name: 'Decided' }).getByText('Approved by ann').waitFor();
    expect(hub.witness.records.filter(({ type }) => type === 'gate.decide')).toHaveLength(1);
  });

  it('and by keys alone; focus is where the news is (G17)', async () => {
    await using visitor = await visit(browser, hub.link);
    const { page } = visitor;
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    expect(await page.getByRole('button', { name: 'Following' }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('9');
    await approve(page).waitFor();
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.getByText('Say who you are first.').waitFor();
    await page.keyboard.type('bob');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const rejected = await hub.witness.find(({ type }) => type === 'gate.rejected');
    expect(rejected.payload).toMatchObject({ by: 'bob' });
    await page.getByText('Rejected by bob').first().waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('gate-heading');
  });

  it('a question is answered in the place of a specialist', async () => {
    await using visitor = await visit(browser, hub.link, '&view=gates');
    const { page } = visitor;
    await page.getByRole('region', { name: 'Questions to specialists' }).getByRole('button').click();
    await heading(page).getByText('Is this safe?').waitFor();
    await nameField(page).fill('ann');
    await page.getByRole('textbox', { name: 'Answer' }).fill('yes, it is');
    await page.getByRole('button', { name: 'Answer' }).click();
    const done = await hub.witness.find(({ type, payload }) => type === 'task.result' && payload.taskId === 'login');
    expect(done.payload).toMatchObject({ result: 'yes, it is' });
    expect(hub.witness.records.find(({ type }) => type === 'consultation.answer')?.from).toBe('client:ann');
  });

  it('a failed task is tried again, an agent paused and written to, the hub paused: all under a name', async () => {
    await using visitor = await visit(browser, hub.link, '&view=log&actor=task:e2e');
    const { page } = visitor;
    const selected = page.getByRole('complementary', { name: 'Selected' });
    await selected.getByRole('combobox', { name: 'Your name' }).fill('ann');
    await selected.getByRole('button', { name: 'Try again' }).click();
    await hub.witness.find(({ type, from }) => type === 'task.submit' && from === 'client:ann');
    await page.goto(
      `${hub.url}#${new URLSearchParams({ hub: `${hub.url.replace('http', 'ws')}hub` })}&view=log&actor=agent:qa-1`,
    );
    await selected.getByRole('textbox', { name: 'Message' }).fill('look at the log');
    await page.keyboard.press('Enter');
    const sent = await hub.witness.find(({ type }) => type === 'message.send');
    expect(sent).toMatchObject({ from: 'client:ann', to: 'qa-1', payload: { body: 'look at the log' } });
    await selected.getByRole('button', { name: 'Pause' }).click();
    await hub.witness.find(({ type, from }) => type === 'agent.pause' && from === 'client:ann');
    await page.getByRole('button', { name: 'The hub' }).click();
    await page.getByRole('textbox', { name: 'What is to be done' }).fill('Write the manual');
    await page.keyboard.press('Enter');
    const task = await hub.witness.find(({ type, payload }) => type === 'task.submit' && payload.type === 'work');
    expect(task).toMatchObject({ from: 'client:ann', payload: { payload: { title: 'Write the manual' } } });
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await hub.witness.find(({ type, from }) => type === 'hub.pause' && from === 'client:ann');
  });

  it('work that was given is followed in the panel, which keeps the focus and can be closed', async () => {
    await using visitor = await visit(browser, hub.link, '&view=log');
    const { page } = visitor;
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await page.getByRole('button', { name: 'The hub' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('combobox', { name: 'Your name' }).fill('ann');
    await panel.getByRole('textbox', { name: 'What is to be done' }).fill('Ask');
    await panel.getByRole('combobox', { name: 'Who' }).selectOption('qa');
    const submit = panel.getByRole('button', { name: 'Submit' });
    await submit.click();
    await hub.witness.find(({ type, payload }) => type === 'task.submit' && payload.type === 'work');
    await panel.getByRole('status').getByText('Ask: ').waitFor();
    expect(await submit.evaluate((button) => button === document.activeElement)).toBe(true);
    const task = await hub.witness.find(({ type, payload }) => type === 'task.submit' && payload.type === 'work');
    const { taskId } = task.payload as { readonly taskId: string };
    await hub.witness.line.command({ name: 'cancel', args: [taskId], as: 'ann' });
    await panel.getByRole('status').getByText('Ask: cancelled').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  it('looking at the past disables acting, says so, and a way leads back', async () => {
    await using visitor = await visit(browser, hub.link, '&view=gates');
    const { page } = visitor;
    await nameField(page).fill('ann');
    await page.getByRole('button', { name: 'One record back' }).click();
    await page.getByText('You are looking at the past. Go to the end to act.').waitFor();
    await approve(page).click({ force: true });
    await page.getByRole('button', { name: 'Go to the end' }).click();
    expect(hub.witness.records.some(({ type }) => type === 'gate.decide')).toBe(false);
    await approve(page).click();
    await hub.witness.find(isApproval);
  });

  it('what comes is shown as it comes, and a gate is announced whatever is looked at (G18)', async () => {
    await using visitor = await visit(browser, hub.link, '&view=log');
    const { page } = visitor;
    await page.getByRole('table', { name: 'Log' }).waitFor();
    const submit = { id: 'blog', type: 'deploy', requirements: { agentType: 'dev' } };
    await page.locator('.count').getByText('1').waitFor();
    const { payload } = await hub.witness.find(({ type }) => type === 'gate.open');
    const decision = { decision: 'approve', by: 'bob' };
    await hub.witness.line.command({
      name: 'decideGate',
      args: [(payload as { gateId: string }).gateId, decision],
      as: 'bob',
    });
    await hub.witness.line.command({ name: 'submit', args: [submit], as: 'bob' });
    await page.getByRole('status', { name: 'Gates' }).getByText('A gate is open: Deploy blog?').waitFor();
    await isWhole(page, hub);
  });

  it('secrets do not leave the hub, and markup stays text (G21)', async () => {
    await using visitor = await visit(browser, hub.link, '&view=gates');
    const { page } = visitor;
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await page.getByRole('article').textContent()).toContain('token[redacted]');
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(JSON.stringify(hub.witness.records)).not.toContain('hush');
  });

  it('without the token nobody comes in; with it, it is not left in the address', async () => {
    await using stranger = await visit(browser, hub.link.replace(/token=[^&]*/, 'token=not-the-token'));
    await stranger.page.getByRole('alert').getByText('the token is not right').waitFor();
    await using visitor = await visit(browser, hub.link);
    await visitor.page.getByRole('navigation', { name: 'Views' }).waitFor();
    await expect.poll(() => visitor.page.url()).not.toContain('token');
    await visitor.page.reload();
    await visitor.page.getByRole('navigation', { name: 'Views' }).waitFor();
  });

  it('when the hub goes away the page says so, keeps what it knows, and cannot act', async () => {
    const page = await browser.newPage(); // A browser reports a line that breaks as an error, and rightly so.
    await page.goto(`${hub.link}&view=gates`);
    await nameField(page).fill('ann');
    hub.child.kill('SIGKILL');
    await page.getByRole('status').getByText('Connection lost, trying again.').waitFor();
    await page.getByText('The hub cannot be reached.').waitFor();
    await heading(page).getByText('Deploy shop-api?').waitFor();
    await page.close();
  });

  it('three times the line breaks: no gap, no duplicate, and the page goes on (G19)', async () => {
    const wire = await wireTo(hub.url);
    const page = await browser.newPage(); // A browser reports a line that breaks as an error, and rightly so.
    const token = new URLSearchParams(new URL(hub.link).hash.slice(1)).get('token') ?? '';
    await page.goto(`${wire.url}#${new URLSearchParams({ hub: wire.hubUrl, token })}&view=log`);
    const lost = page.getByRole('status').getByText('Connection lost, trying again.');
    const { line, records } = hub.witness;
    for (let round = 0; round < 3; round++) {
      await isWhole(page, hub);
      wire.cut();
      await lost.waitFor();
      for (let n = 0; n < 200; n++) await line.command({ name: 'submit', args: [{ type: 'x' }], as: 'ann' });
      wire.mend();
      await lost.waitFor({ state: 'hidden' });
    }
    await isWhole(page, hub);
    const rows = () => page.getByRole('table', { name: 'Log' }).getAttribute('aria-rowcount');
    await expect.poll(async () => (await rows()) === String(records.length), patience).toBe(true);
    expect(records.length).toBeGreaterThan(1_200);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('nobody is shut out of the gates (G16, %s)', async (colorScheme) => {
    await using visitor = await visit(browser, hub.link, '&view=gates', { colorScheme });
    const { page } = visitor;
    await approve(page).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('region', { name: 'Questions to specialists' }).getByRole('button').click();
    await heading(page).getByText('Is this safe?').waitFor();
    await page.getByRole('button', { name: 'The hub' }).click();
    await page.getByRole('textbox', { name: 'What is to be done' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

it('late by 50,000 records: the whole log is there (G19)', async () => {
  await using hub = await startHub('test/page/support/team.js', '8400');
  await hub.witness.find(({ seq }) => seq === 50_000);
  await using visitor = await visit(browser, hub.link, '&view=actors');
  await isWhole(visitor.page, hub);
  await visitor.page.getByText('dev-1').first().waitFor();
});

it('the command serves the gallery and offers its live hub', async () => {
  await using hub = await startHub('dist/cli.js', 'inspect', '--json', '--port', '0');
  await using visitor = await visit(browser, hub.link);
  const { page } = visitor;
  await page.getByRole('button', { name: 'jwt-question' }).waitFor();
  await page.getByRole('button', { name: /Live hub/ }).click();
  await page.getByText('backend-1').first().waitFor();
  const gate = await hub.witness.find(({ type }) => type === 'gate.open');
  await page.keyboard.press('9');
  await heading(page).getByText('Deploy signing in to production?').waitFor();
  await nameField(page).fill('ann');
  await approve(page).click();
  const approved = await hub.witness.find(isApproval);
  expect((approved.payload as { gateId: string }).gateId).toBe((gate.payload as { gateId: string }).gateId);
});
