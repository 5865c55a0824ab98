/**
 * A hub in the middle of its work, for somebody to say nonsense to: agents at work and idle, tasks that run and wait,
 * a gate and a question that are open, a schedule, an orchestration, dead letters.
 *
 * Time stands still, so that nothing happens but what is said.
 */
import { cronCalendar } from '../actors/cron-calendar.ts';
import type { AgentContext, AnswerContext } from '../actors/driver.ts';
import { simulatedEnvironment } from '../actors/simulated-environment.ts';
import { memoryStore } from '../actors/store.ts';
import { createHub } from '../hub/create-hub.ts';
import type { Hub } from '../hub/hub.ts';
import { foldLog } from '../hub/picture.ts';
import { longestFree } from '../hub/routing.ts';
import { workingSpecValidator } from '../hub/working-spec.ts';
import { canonicalJson } from '../machines/json.ts';
import { type HubRecord, recordSchema } from '../machines/messages.ts';

/** What foreign code answers from now on; undefined for something sensible. */
export interface Foreign {
  plan: (() => unknown) | undefined;
  route: (() => unknown) | undefined;
  validate: (() => unknown) | undefined;
  result: (() => unknown) | undefined;
  answer: (() => unknown) | undefined;
  next: (() => unknown) | undefined;
}

/** After so much that was taken a new hub is used, and after so many inputs: others want to find it whole. */
const mostTaken = 6;
const mostInputs = 150;

/** Each its own: whoever waits for one that all have is kept by it for ever, and so is the hub behind. */
const never = (): Promise<never> => new Promise(() => {});

/** Whatever can go on without time going by has gone on. */
export const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class World {
  readonly hub: Hub;
  readonly foreign: Foreign;
  /** Of the agent that has a task, and of the one that has a question. */
  readonly context: AgentContext;
  readonly answering: AnswerContext;
  hasFailed: unknown;
  #taken = 0;
  #inputs = 0;

  private constructor(hub: Hub, foreign: Foreign, context: AgentContext, answering: AnswerContext) {
    this.hub = hub;
    this.foreign = foreign;
    this.context = context;
    this.answering = answering;
    hub.stopped.catch((error) => {
      this.hasFailed = error;
    });
  }

  static async open(seed: number): Promise<World> {
    const foreign: Foreign = {
      plan: undefined,
      route: undefined,
      validate: undefined,
      result: undefined,
      answer: undefined,
      next: undefined,
    };
    const validator = workingSpecValidator();
    const calendar = cronCalendar();
    const hub = await createHub({
      project: 'fuzz',
      environment: simulatedEnvironment(seed),
      store: memoryStore(),
      calendar: { next: (...args) => (foreign.next === undefined ? calendar.next(...args) : foreign.next()) as number },
      planner: { plan: () => (foreign.plan === undefined ? never() : foreign.plan()) },
      router: {
        route: (task, candidates, world) =>
          (foreign.route === undefined ? longestFree.route(task, candidates, world) : foreign.route()) as undefined,
      },
      validator: (spec, now) => (foreign.validate === undefined ? validator(spec, now) : foreign.validate()) as never,
      config: { keepFinished: 50, inboxLimit: 2, deadLetterLimit: 5 },
    });
    const contexts: { context?: AgentContext; answering?: AnswerContext } = {};
    hub.register({
      id: 'dev-1',
      type: 'dev',
      run(_task, context) {
        contexts.context ??= context;
        return never();
      },
    });
    hub.register({
      id: 'qa-1',
      type: 'qa',
      run: never,
      answer(_question, context) {
        contexts.answering ??= context;
        return never();
      },
    });
    hub.register({
      id: 'free-1',
      type: 'free',
      concurrency: 100,
      run: () => (foreign.result === undefined ? 'done' : foreign.result()),
      answer: () => (foreign.answer === undefined ? 'done' : foreign.answer()),
    });
    let end = (): void => {};
    hub.register({
      id: 'late-1',
      type: 'late',
      run: () =>
        new Promise<string>((resolve) => {
          end = () => resolve('too late');
        }),
    });
    hub.submit({ id: 'task-0', type: 'build', metadata: { maxAttempts: 1 }, requirements: { agentType: 'nobody' } });
    hub.cancel('task-0');
    hub.submit({ id: 'task-late', type: 'build', requirements: { agentType: 'late' } });
    hub.submit({ id: 'task-1', type: 'build', requirements: { agentType: 'dev' } });
    hub.submit({ id: 'task-2', type: 'build', requirements: { agentType: 'dev' }, idempotencyKey: 'key-1' });
    hub.schedule({ id: 'daily', task: { type: 'chore', requirements: { agentType: 'dev' } }, cron: '0 3 * * *' });
    await turnOver();
    hub.reportLost('late-1');
    await turnOver();
    end();
    void contexts.context?.consult('qa', 'how?', null).catch(() => {});
    hub.escalate('may I?', { about: 'it' }, { approvers: ['alice'] });
    hub.orchestrate({ id: 'plan-1', title: 'Build the authentication system', orchestrationRequired: true });
    void hub.send({ to: 'dev-1', type: 'note' });
    for (let count = 0; count < 3; count++) void hub.send({ to: 'qa-1', type: 'note' });
    await turnOver();
    const { context, answering } = contexts;
    if (context === undefined || answering === undefined) throw new Error('the world is not as it should be');
    return new World(hub, foreign, context, answering);
  }

  /** The whole state, as one text. */
  picture(): string {
    return canonicalJson(this.hub.picture());
  }

  get seq(): number {
    return this.hub.actor.getSnapshot().context.seq;
  }

  /** Asked once for each input. */
  isWorn(isTaken: boolean): boolean {
    if (isTaken) this.#taken++;
    return this.hub.status().state === 'stopped' || this.#taken >= mostTaken || ++this.#inputs >= mostInputs;
  }

  /** What is wrong with it in the end: its log has to be made of the protocol's records, and fold to its state. */
  async verdict(): Promise<string | undefined> {
    if (this.hasFailed !== undefined) return `the hub has failed: ${String(this.hasFailed)}`;
    await this.hub.settled();
    const records: HubRecord[] = [];
    for await (const record of this.hub.log()) records.push(record);
    for (const record of records) {
      const { error } = recordSchema.safeParse(JSON.parse(JSON.stringify(record)));
      if (error !== undefined) return `record ${record.seq} (${record.type}) is none of the protocol: ${error.message}`;
    }
    return canonicalJson(foldLog(records)) === this.picture() ? undefined : 'the log folds to another state';
  }

  async close(): Promise<void> {
    await this.hub.stop().catch(() => {});
  }
}
