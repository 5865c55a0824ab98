/** Asks the person at the terminal to decide a gate. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { formatDuration } from '../actors/duration.ts';
import type { GateDecision } from '../hub/gate-commands.ts';
import type { GateView } from '../hub/views.ts';
import type { CommandIo, Paint } from './command.ts';
import { printable } from './style.ts';

/** The person went away (Ctrl-C, Ctrl-D) without an answer. */
export class Left extends Error {
  override readonly name = 'Left';
}

export async function askAboutGate(gate: GateView, io: CommandIo, paint: Paint): Promise<GateDecision> {
  const by = gate.approvers?.[0] ?? 'you';
  const say = (text: string) => io.stdout.write(`${text}\n`);
  say('');
  say(paint(['bold', 'yellow'], `  A human has to decide: ${printable(gate.reason)}`));
  if (gate.agentId !== null) {
    say(`  asked by   ${gate.agentId}${gate.taskId === null ? '' : `, for ${gate.taskId}`}, paused until then`);
  }
  for (const [key, value] of contextLines(gate.context)) say(`  ${key.padEnd(10)} ${value}`);
  if (gate.next !== null) {
    say(`  otherwise  ${gate.next.action} after ${formatDuration(gate.next.at - gate.openedAt)}`);
  }
  const verdict = gate.choices === null ? await askYesOrNo(io, paint) : await askChoice(gate.choices, io, paint);
  const reason = await question('  reason (Enter for none): ', io, () => true);
  return { ...verdict, by, reason, contentHash: gate.contentHash };
}

type Verdict = Pick<GateDecision, 'decision' | 'choice'>;

async function askYesOrNo(io: CommandIo, paint: Paint): Promise<Verdict> {
  const answer = await question(`  ${paint('bold', '[a]pprove or [r]eject?')} `, io, (text) =>
    /^(a|approve|y|yes|r|reject|n|no)$/i.test(text),
  );
  return { decision: /^[ay]/i.test(answer) ? 'approve' : 'reject' };
}

/** What needs more than a word (the subtasks that replace one) cannot be chosen here. */
async function askChoice(choices: readonly string[], io: CommandIo, paint: Paint): Promise<Verdict> {
  const words = [...choices.filter((choice) => choice !== 'replace'), 'abort'];
  const answer = await question(`  ${paint('bold', `${words.join(', ')}?`)} `, io, (text) => words.includes(text));
  return answer === 'abort' ? { decision: 'reject' } : { decision: 'approve', choice: answer };
}

function contextLines(context: GateView['context']): [string, string][] {
  if (context === null) return [];
  if (typeof context !== 'object' || Array.isArray(context)) return [['context', show(context)]];
  return Object.entries(context).map(([key, value]) => [printable(key), show(value)]);
}

const show = (value: unknown): string => printable(typeof value === 'string' ? value : JSON.stringify(value));

async function question(text: string, io: CommandIo, isAnswer: (text: string) => boolean): Promise<string> {
  const output = new Writable({
    write(chunk, _encoding, done) {
      io.stdout.write(String(chunk));
      done();
    },
  });
  const terminal = createInterface({ input: io.stdin ?? process.stdin, output, terminal: io.isTTY });
  const gone = new AbortController();
  terminal.once('close', () => gone.abort());
  terminal.once('SIGINT', () => gone.abort());
  try {
    for (;;) {
      const answer = (
        await terminal.question(text, {
          signal: io.signal === undefined ? gone.signal : AbortSignal.any([gone.signal, io.signal]),
        })
      ).trim();
      if (isAnswer(answer)) return answer;
    }
  } catch {
    throw new Left('nobody is there to decide');
  } finally {
    terminal.close();
  }
}
