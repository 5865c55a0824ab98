/** Durations as people write them: `90s`, `1h30m`, `2d`, `250ms`, or a number of milliseconds. */

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const pattern = /^(?:\d{1,9}(?:\.\d{1,6})?(?:ms|d|h|m|s))+$/;

/** Milliseconds of `text`; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 40 || !pattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|d|h|m|s)/g)) {
    total += Number(amount) * units[unit as keyof typeof units];
  }
  return Math.round(total);
}

/** The two largest units of `ms`: `1h30m`, `2m5s`, `250ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  let left = Math.round(ms / 1000) * 1000;
  let text = '';
  let parts = 0;
  for (const [unit, size] of Object.entries(units)) {
    const amount = Math.floor(left / size);
    if (amount > 0 && parts < 2) {
      text += `${amount}${unit}`;
      parts++;
      left -= amount * size;
    } else if (parts > 0) {
      break;
    }
  }
  return text;
}
