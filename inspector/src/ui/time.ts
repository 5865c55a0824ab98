/** Times and lengths of time as people read them. */

/** `1:02:03` since the beginning of a run; days in front when there are some. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  const two = (number: number) => String(number).padStart(2, '0');
  return `${days > 0 ? `${days}d ` : ''}${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

/** The same with milliseconds, to tell moments of one second from each other: `0:16:00.250`. */
export const fineClock = (ms: number): string => `${clock(ms)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;

/** A task of a schedule is named for the moment at which it was due, `check:1767226500000`: `check 0:15:00`. */
export function timelyName(name: string, start: number): string {
  return name.replace(/:(\d{13})$/, (_, dueAt: string) => ` ${clock(Number(dueAt) - start)}`);
}

/** `8 min`, `1 h 20 min`, `350 ms`. */
export function length(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} d`;
}
