/** The live picture of a run in a terminal: who does what, what waits, who has to decide. */
import type { Simulation } from '../scenarios/simulation.ts';
import type { Paint } from './command.ts';
import { describe } from './describe.ts';
import { clip, clock, printable } from './style.ts';

const marks: { readonly [state: string]: readonly [string, Parameters<Paint>[0]] } = {
  idle: ['○', 'gray'],
  'active.working': ['●', 'green'],
  'active.waiting': ['◐', 'cyan'],
  'active.answering': ['◆', 'blue'],
  paused: ['‖', 'yellow'],
  unreachable: ['✗', 'red'],
};

const words: { readonly [state: string]: string } = {
  'active.working': 'working',
  'active.waiting': 'waiting for a specialist',
  'active.answering': 'answering',
  paused: 'paused',
};

export interface FrameOptions {
  readonly title: string;
  /** When the run began, in ms since the epoch. */
  readonly start: number;
  readonly width: number;
  readonly paint: Paint;
}

/** The lines of the picture, none wider than `width` before colours. */
export function renderFrame({ hub, environment, records }: Simulation, options: FrameOptions): string[] {
  const { title, start, width, paint } = options;
  const status = hub.status();
  const { completed, failed, cancelled, queued, pending, assigned, running } = status.tasks;
  const all = completed + failed + cancelled + queued + pending + assigned + running;
  const ended = completed + failed + cancelled;
  const lines = [
    `${paint('bold', title)}  ${paint('gray', clock(environment.now() - start))}  ${bar(ended, all, paint)} ${ended}/${all} tasks`,
    '',
  ];
  const idWidth = Math.max(...status.agents.map(({ id }) => id.length), 5) + 2;
  for (const agent of status.agents) {
    const [mark, look] = marks[agent.state] ?? ['·', 'gray'];
    const task = agent.currentTask === null ? undefined : hub.task(agent.currentTask);
    const note = task?.progress?.note ?? (task?.progress?.percent == null ? '' : `${task.progress.percent} %`);
    const parts = [words[agent.state] ?? agent.state, task?.id ?? '', printable(note)].filter((part) => part !== '');
    const text = clip(`${agent.id.padEnd(idWidth)}${parts.join(' · ')}`, width - 4);
    lines.push(`  ${paint(look, mark)} ${text}`);
  }
  for (const { title: what, status: state, progressPercent, currentStage } of hub.orchestrations().current) {
    const text = clip(`${printable(what)} — ${state}, stage ${currentStage}, ${progressPercent} %`, width - 4);
    lines.push(`  ${paint('magenta', '◇')} ${text}`);
  }
  const waiting = hub.queue().map(({ id, priority }) => `${id} (${priority})`);
  lines.push('', clip(`queue  ${waiting.length === 0 ? 'empty' : waiting.join(', ')}`, width));
  for (const gate of hub.gates()) {
    const who = gate.approvers === null ? 'a human' : gate.approvers.join(' or ');
    lines.push(paint('yellow', clip(`gate   ${printable(gate.reason)} — waits for ${who}`, width)));
  }
  lines.push('');
  for (const record of records().slice(-6)) {
    const { route, what } = describe(record);
    lines.push(paint('gray', clip(`${clock(record.at - start)}  ${route.padEnd(26)} ${what}`, width)));
  }
  return lines;
}

function bar(done: number, all: number, paint: Paint): string {
  const width = 20;
  const full = all === 0 ? 0 : Math.round((done / all) * width);
  return paint('green', '━'.repeat(full)) + paint('gray', '─'.repeat(width - full));
}

/** Draws a frame over the one before. */
export class Screen {
  #drawn = 0;
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  draw(lines: readonly string[]): void {
    this.#write(`${this.#back()}${lines.map((line) => `${line}\u001b[K\n`).join('')}`);
    this.#drawn = lines.length;
  }

  /** Leaves the last frame where it is; the next one begins below. */
  leave(): void {
    this.#drawn = 0;
  }

  #back(): string {
    return this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A\u001b[J`;
  }
}
