/** What is really painted on a canvas: pixels, not promises. */
import type { Browser, Page } from 'playwright-core';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How many pixels of a part of the page have one of the page's colours, on the canvas there. */
export async function pixelsOf(
  page: Page,
  canvas: string,
  { x, y, width, height }: Box,
  token: string,
): Promise<number> {
  return await page.evaluate(
    ([selector, colour, left, top, w, h]) => {
      const element = document.querySelector<HTMLCanvasElement>(selector);
      const context = element?.getContext('2d');
      if (element === null || !context) return 0;
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.transitionProperty = 'none';
      probe.style.color = `var(--${colour})`;
      const wanted = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
      probe.remove();
      const box = element.getBoundingClientRect();
      const scale = element.width / box.width;
      const at = [left - box.left, top - box.top, w, h].map((length) => Math.round(length * scale));
      const { data } = context.getImageData(at[0] ?? 0, at[1] ?? 0, at[2] ?? 1, at[3] ?? 1);
      let count = 0;
      for (let index = 0; index < data.length; index += 4) {
        const near = wanted.every((part, channel) => Math.abs(part - (data[index + channel] ?? 0)) <= 3);
        if (near && (data[index + 3] ?? 0) > 250) count++;
      }
      return count;
    },
    [canvas, token, x, y, width, height] as const,
  );
}

/** How many different colours there are on a canvas; 1 when it is blank. */
export async function coloursOn(page: Page, canvas: string): Promise<number> {
  return await page.evaluate((selector) => {
    const element = document.querySelector<HTMLCanvasElement>(selector);
    const context = element?.getContext('2d');
    if (element === null || !context) return 0;
    const { data } = context.getImageData(0, 0, element.width, element.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, canvas);
}

/** A browser context in which canvases do not paint: a test that is still green there has not looked. */
export async function blankCanvases(browser: Browser): ReturnType<Browser['newPage']> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    for (const name of ['fill', 'stroke', 'fillRect', 'strokeRect', 'fillText', 'strokeText', 'drawImage'] as const) {
      CanvasRenderingContext2D.prototype[name] = () => {};
    }
  });
  return page;
}

/** A browser context in which a page tells what words are on its canvases, and where. */
export async function spokenCanvases(browser: Browser, viewport: { width: number; height: number }) {
  const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
    Object.assign(globalThis, { words: {} });
    const { words } = globalThis as unknown as { words: Record<string, { x: number; y: number }> };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...more) {
      words[text] = { x, y };
      fillText.call(this, text, x, y, ...more);
    };
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      for (const text of Object.keys(words)) delete words[text];
      clearRect.call(this, ...box);
    };
  });
  const words = () =>
    page.evaluate(() => (globalThis as unknown as { words: Record<string, { x: number; y: number }> }).words);
  return { page, words };
}
