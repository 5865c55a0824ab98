/** The hub as its embedder sees it: commands in, views out. Every command is a message in the log. */
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { type AgentCommands, agentCommands } from './agent-commands.ts';
import { Desk, type DeskParts } from './desk.ts';
import { type GateCommands, gateCommands } from './gate-commands.ts';
import { type HubCommands, hubCommands } from './hub-commands.ts';
import { type MessageCommands, messageCommands } from './message-commands.ts';
import { type OrchestrationCommands, orchestrationCommands } from './orchestration-commands.ts';
import { type ScheduleCommands, scheduleCommands } from './schedule-commands.ts';
import { type TaskCommands, taskCommands } from './task-commands.ts';

export interface Hub
  extends AgentCommands,
    TaskCommands,
    MessageCommands,
    GateCommands,
    ScheduleCommands,
    OrchestrationCommands,
    HubCommands {
  /** The same hub with a person at it: what `name` does stands in the log as `client:name`'s. */
  operator(name: string): Hub;
}

/** A hub, and what the kernel tells it. */
export interface OpenHub {
  readonly hub: Hub;
  /** A record is durable. */
  announce(record: HubRecord): void;
  /** The hub is over: it has stopped, or failed. */
  close(error?: HubError): void;
}

export function assembleHub(parts: DeskParts): OpenHub {
  let end: (error?: HubError) => void = () => {};
  const stopped = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  stopped.catch(() => {}); // Whoever awaits it hears of it; nobody has to.

  const close = (error?: HubError) => {
    parts.kernel.stopClock();
    const closeStore = async () => parts.store.close();
    closeStore().then(
      () => end(error),
      (cause) => end(error ?? new HubError('storeFailed', 'the store could not be closed', { cause })),
    );
  };
  const hubAt = (desk: Desk): Hub => ({
    ...agentCommands(desk),
    ...taskCommands(desk),
    ...messageCommands(desk),
    ...gateCommands(desk),
    ...scheduleCommands(desk),
    ...orchestrationCommands(desk),
    ...hubCommands(desk, stopped),
    operator: (name) => hubAt(desk.of(name)),
  });
  return {
    hub: hubAt(new Desk(parts)),
    announce(record) {
      parts.listeners.announce(record);
      if (record.type === 'hub.stopped') close();
    },
    close,
  };
}
