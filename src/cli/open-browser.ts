/** Opens a page for the person at this machine, where there is one. */
import { spawn } from 'node:child_process';
import type { CommandIo } from './command.ts';

/** Whether a person sits here who has a desktop: never in CI, and never when nobody reads what is printed. */
export function hasDesktop({ isTTY, env }: CommandIo, platform: NodeJS.Platform = process.platform): boolean {
  if (!isTTY || (env.CI ?? '') !== '') return false;
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

const commands: { readonly [platform: string]: readonly [command: string, ...args: string[]] } = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...args] = commands[platform] ?? ['xdg-open'];
  const opener = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  opener.on('error', () => {}); // The address is printed all the same.
  opener.unref();
}
