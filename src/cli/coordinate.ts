/** `xstate-hub coordinate`: a hub for the project in a directory, which masters talk to through files. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseDuration } from '../actors/duration.ts';
import { realEnvironment } from '../actors/environment.ts';
import {
  type Coordination,
  type CoordinationEvent,
  openCoordination,
  type Summary,
} from '../coordination/coordination.ts';
import type { AgentDefinition } from '../hub/agent-commands.ts';
import type { HubConfig } from '../machines/config.ts';
import { refuse } from './bad-input.ts';
import { type Command, type CommandIo, type ExitCode, UsageError } from './command.ts';
import { configurationFile, effectiveConfiguration } from './configuration-file.ts';
import { readAgents } from './coordinate-agents.ts';
import { eventLine } from './coordinate-lines.ts';
import { printable } from './style.ts';

export const coordinate: Command = {
  name: 'coordinate',
  summary: 'take tasks from a coordination folder apart, and hand them to masters as files',
  usage: `Usage: xstate-hub coordinate DIR [--once] [--json] [--agents FILE] [--config FILE] [--grace TIME]

Runs a hub on DIR/coordination: tasks in task-queue.json that are complex are planned, and their subtasks handed over
in masters/{master}/handoffs; a master answers in masters/{master}/results/{subtask_id}.json. Simple tasks get their
master in assigned_to. Plans, subtasks, state and dashboard-events.jsonl are written beside; the log is kept in
orchestrator/log.jsonl, so that everything goes on after a restart. Runs until SIGTERM or Ctrl-C, then lets what is at
work finish; a second one stops it at once.

  --once         stop when nothing is left to do but what waits for people
  --json         dashboard events on stdout, one a line
  --agents FILE  agents with scripts, as in scenario files, do the work of their types
  --config FILE  see xstate-hub help config
  --grace TIME   how long what is at work may take to finish at the end; default 10s

Exit codes: 0 stopped, or all completed; 1 with --once: something failed, was refused or waits for a person; or the log
cannot be written; 2 bad input, or another process coordinates DIR; 130 with --once: interrupted`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        agents: { type: 'string' },
        config: { type: 'string' },
        grace: { type: 'string', default: '10s' },
      },
      allowPositionals: true,
    });
    const [directory, extra] = positionals;
    if (directory === undefined) throw new UsageError('which project? Give its directory');
    if (extra !== undefined) throw new UsageError(`one directory at a time: "${extra}" is one too many`);
    const graceMs = parseDuration(values.grace);
    if (graceMs === undefined) throw new UsageError('--grace takes a time such as 10s or 5m');
    const { once, json } = values;

    const environment = realEnvironment();
    const configFile = configurationFile(values.config, io);
    let config: HubConfig;
    let agents: AgentDefinition[] = [];
    try {
      config = (await effectiveConfiguration(configFile, io)).config;
    } catch (error) {
      return refuse(error, configFile ?? 'environment', json, io);
    }
    try {
      if (values.agents !== undefined) {
        agents = readAgents(await readFile(values.agents, 'utf8'), values.agents, environment);
      }
    } catch (error) {
      return refuse(error, values.agents ?? '', json, io);
    }
    let coordination: Coordination;
    let hasBegun = json;
    const begin = () => {
      if (!hasBegun) io.stdout.write(`coordinating ${printable(directory)}\n`);
      hasBegun = true;
    };
    const { onEvent, onNotice } = listeners(json, io);
    try {
      coordination = await openCoordination({
        directory,
        agents,
        config,
        environment,
        onEvent(line) {
          begin();
          onEvent(line);
        },
        onNotice,
      });
      begin();
    } catch (error) {
      return refuse(error, directory, json, io);
    }
    return once ? await workOnce(coordination, graceMs, json, io) : await workOn(coordination, graceMs, io);
  },
};

const listeners = (json: boolean, io: CommandIo) => ({
  onEvent: (line: string) => io.stdout.write(`${json ? line : eventLine(JSON.parse(line) as CoordinationEvent)}\n`),
  onNotice: (text: string) => io.stderr.write(`${text.split('\n').map(printable).join('\n')}\n`),
});

/** As a daemon. */
async function workOn(coordination: Coordination, graceMs: number, io: CommandIo): Promise<ExitCode> {
  const asked = whenAsked(io);
  try {
    await Promise.race([asked, coordination.over]);
    await coordination.drain(graceMs);
    return 0;
  } catch (error) {
    return complain(error, io);
  }
}

async function workOnce(coordination: Coordination, graceMs: number, json: boolean, io: CommandIo): Promise<ExitCode> {
  try {
    const problem = coordination.queueProblem();
    const done = problem === undefined ? coordination.untilIdle() : undefined;
    const summary = await Promise.race([whenAsked(io), done]);
    if (problem !== undefined || summary === undefined) {
      await coordination.drain(problem === undefined ? graceMs : 0);
      return problem === undefined ? 130 : 2;
    }
    await coordination.stop();
    if (!json) io.stdout.write(`${outcome(summary)}\n`);
    return summary.failed.length + summary.blocked.length + summary.refused.length === 0 ? 0 : 1;
  } catch (error) {
    return complain(error, io);
  }
}

function outcome({ completed, failed, blocked, refused }: Summary): string {
  const parts = [
    `${completed.length} completed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(blocked.length > 0 ? [`${blocked.length} waiting for a person`] : []),
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
  ];
  return `nothing is left to do: ${parts.join(', ')}`;
}

/** Resolves when the person, or whoever runs the process, asks it to stop. */
function whenAsked({ signal }: CommandIo): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function complain(error: unknown, { stderr }: CommandIo): 1 {
  stderr.write(`${printable(error instanceof Error ? error.message : String(error))}\n`);
  return 1;
}
