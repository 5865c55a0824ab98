/**
 * One simulated run: hubs that start, crash and start again on one disk, their agents, humans and clients; first with
 * faults, then without, until all that was begun has ended.
 *
 * - Wo1 the same plan gives the same run, to the last record and effect.
 * - Wo2 time moves from one moment at which something is due to the next; all that follows has settled before.
 */
import { cronCalendar } from '../actors/cron-calendar.ts';
import { promisesSettled, type SimulatedEnvironment, simulatedEnvironment } from '../actors/simulated-environment.ts';
import { createHub, type HubOptions } from '../hub/create-hub.ts';
import type { Hub } from '../hub/hub.ts';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { type Desk, decide, perform, type Running, register } from './actions.ts';
import { brokenCharts } from './broken-charts.ts';
import { Disk } from './disk.ts';
import { Recorder } from './history.ts';
import { followGates } from './humans.ts';
import { Life } from './life.ts';
import { observe } from './observers.ts';
import type { Action, ActionOf, Plan } from './plan.ts';
import { plannerOf } from './planners.ts';
import { routerOf } from './routers.ts';
import type { Seams } from './seams.ts';
import type { Violation } from './violation.ts';
import { willingHands } from './willing.ts';
import { Witness } from './witness.ts';

/** How long everything may take to drain when the faults are healed, in simulated ms. */
const drainsWithin = 6 * 3_600_000;
/** A failed hub is kept so long, to see that it does nothing any more. */
const keptAfterFailure = 1000;
/** Most records of a run: one that goes on and on has to end, too. */
const mostRecords = 30_000;
/** Most moments of a run at which something is due. */
const mostSteps = 60_000;

export interface WorldOptions {
  readonly seams?: Seams;
  /** Sees every hub as soon as it is there. */
  readonly inspect?: HubOptions['inspect'];
  /** Looks at the hub whenever a step has settled. */
  readonly watch: (hub: Hub, world: World) => void;
}

export class World {
  readonly recorder = new Recorder();
  readonly violations: Violation[] = [];
  readonly faults = new Map<string, number>();
  readonly disk: Disk;
  readonly environment: SimulatedEnvironment;
  /** Whether everything had ended when time was up. */
  isDrained = false;
  readonly #plan: Plan;
  readonly #options: WorldOptions;
  readonly #desk: Desk;
  /** What somebody wanted to do while there was no hub. */
  #waiting: Action[] = [];
  #running: Running | undefined;
  #opening: Life | undefined;
  #lives = 0;
  #isHealed = false;
  #steps = 0;

  constructor(plan: Plan, options: WorldOptions) {
    this.#plan = plan;
    this.#options = options;
    this.environment = simulatedEnvironment(plan.seed);
    const faults = plan.actions.filter((one) => one.do === 'crashAtAppend' || one.do === 'failAtAppend');
    this.disk = new Disk(
      {
        faults: new Map(faults.map((fault) => [fault.nth, fault])),
        appendMs: plan.appendMs,
        keepsCheckpoints: plan.checkpointEvery !== null,
        checkpointFaults: new Map(plan.checkpointFaults.map((fault) => [fault.nth, fault])),
        crash: (life, crash) => this.#crash(life, crash, `crash:${crash.point}`),
        count: (fault) => this.#count(fault),
        onWritten: (life, fromSeq, toSeq) =>
          this.recorder.effects.push({ kind: 'wrote', life: life.number, fromSeq, toSeq }),
      },
      options.seams?.disk,
    );
    const complain = (invariant: string, why: string) => this.complain(invariant, why);
    this.#desk = { recorder: this.recorder, team: new Map(), complain };
  }

  complain(invariant: string, why: string): void {
    if (this.violations.length < 20) this.violations.push({ invariant, why, seqs: [] });
  }

  /** The hub that is there now, if one is. */
  get hub(): Hub | undefined {
    return this.#running?.hub;
  }

  records(): readonly HubRecord[] {
    return this.disk.records();
  }

  async run(): Promise<void> {
    const start = this.environment.now();
    for (const action of this.#plan.actions) {
      if (action.do === 'crashAtAppend' || action.do === 'failAtAppend') continue;
      this.environment.wakeAt(start + action.at, () => this.#do(action));
    }
    this.#open(0);
    await this.#until(start + this.#plan.forMs);
    await this.#heal();
  }

  #count(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  #do(action: Action): void {
    if (this.#isHealed) return;
    const running = this.#running;
    if (action.do === 'crash') {
      const life = running?.life ?? this.#opening;
      if (life !== undefined) this.#crash(life, action, 'crash');
    } else if (action.do === 'standStill') this.#standStill(action);
    else if (action.do === 'setClock') {
      this.#count(action.byMs < 0 ? 'clockBack' : 'clockForward');
      running?.life.setClock(action.byMs);
    } else if (running === undefined || running.hub.status().state === 'stopped') this.#waiting.push(action);
    else perform(action, running, this.#desk);
  }

  /** The process is gone, and after a while there is another one. */
  #crash(
    life: Life,
    { survives, downMs, skewMs }: Pick<ActionOf<'crash'>, 'survives' | 'downMs' | 'skewMs'>,
    what: string,
  ) {
    if (life.isDead || this.#isHealed) return;
    this.#count(what);
    if (skewMs !== 0) this.#count('clockSkew');
    this.#end(life, survives);
    this.environment.wakeAt(this.environment.now() + downMs, () => this.#open(skewMs));
  }

  #end(life: Life, survives: ActionOf<'crash'>['survives']): void {
    life.isDead = true;
    this.disk.settle(life, survives);
    this.recorder.lose(life.number, this.disk.durable);
    if (this.#running?.life === life) this.#running = undefined;
    if (this.#opening === life) this.#opening = undefined;
  }

  /** Two hubs on one disk: the first one wakes up when the second has taken over. */
  #standStill({ ms, survives, skewMs }: ActionOf<'standStill'>): void {
    const first = this.#running;
    if (first === undefined) return;
    this.#count('twoHubs');
    first.life.standStill();
    this.disk.settle(first.life, survives);
    this.#running = undefined;
    this.#open(skewMs);
    this.environment.wakeAt(this.environment.now() + ms, () => {
      if (first.life.isDead) return;
      first.life.wakeUp();
      perform({ at: 0, do: 'submit', task: { type: 'x', payload: 'to the hub that slept' } }, first, this.#desk);
      this.environment.wakeAt(this.environment.now() + keptAfterFailure, () => this.#end(first.life, 'nothing'));
    });
  }

  #open(skewMs: number): void {
    if (this.#running !== undefined || this.#opening !== undefined) return;
    const life = new Life(this.environment, ++this.#lives, skewMs);
    this.#opening = life;
    const { seams, inspect } = this.#options;
    const { configs, router, planner, broken, checkpointEvery } = this.#plan;
    this.recorder.effects.push({ kind: 'began', life: life.number, recovered: this.disk.records().length });
    const environment = seams?.environment?.(life.environment, life.number) ?? life.environment;
    const store = this.disk.open(life);
    const options: HubOptions = {
      project: 'simulated',
      environment,
      store: seams?.store?.(store) ?? store,
      config: configs[Math.min(life.number, configs.length) - 1] ?? {},
      router: routerOf(router),
      planner: plannerOf(planner, life),
      calendar: cronCalendar(),
      ...(checkpointEvery !== null && { checkpointEvery }),
      ...(broken !== null && { charts: brokenCharts(broken, (what) => this.#count(what)) }),
      ...(inspect && { inspect }),
    };
    createHub(seams?.options?.(options) ?? options).then(
      (hub) => {
        if (life.isDead) return;
        this.#opening = undefined;
        this.#welcome({ hub, life, witness: new Witness(life, this.recorder, this.disk, (what) => this.#count(what)) });
      },
      (error) => {
        if (life.isDead) return;
        if (!(error instanceof HubError) || error.code !== 'storeFailed' || this.#isHealed) {
          this.complain('I13', `the hub does not open: ${String(error)}`);
        }
        this.#recoverFrom(life);
      },
    );
  }

  #welcome(running: Running): void {
    const { hub, life, witness } = running;
    if (life.isStanding) return;
    this.#running = running;
    hub.on('*', ({ seq }) => witness.saw({ kind: 'heard', seq }));
    hub.stopped.then(
      () => this.#isHealed || life.isDead || this.#recoverFrom(life),
      (error) => {
        if (life.isDead) return;
        life.hasFailed = true;
        this.recorder.effects.push({ kind: 'failed', life: life.number });
        if (error instanceof HubError && error.code === 'internal') this.complain('I22', error.message);
        if (this.#isHealed && this.#running === running)
          this.complain('I27', `the hub failed without a fault: ${error}`);
        this.#recoverFrom(life);
      },
    );
    if (!this.#isHealed) observe(running, this.#plan.observers, this.#desk);
    for (const agent of this.#desk.team.values()) this.#tolerate(() => register(agent, running, this.#desk));
    const { complain } = this.#desk;
    if (!this.#isHealed) followGates(this.#plan.humans, running, this.recorder, complain);
    for (const action of this.#waiting.splice(0)) perform(action, running, this.#desk);
  }

  /** A hub that has stopped or failed is looked at for a while, and then there is another one. */
  #recoverFrom(life: Life): void {
    const again = () => {
      if (life.isDead) return;
      this.#end(life, 'nothing');
      this.#open(life.skewMs);
    };
    if (!this.#isHealed) this.environment.wakeAt(this.environment.now() + keptAfterFailure, again);
  }

  #tolerate(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof HubError)) this.complain('Dk1', `register threw ${String(error)}`);
    }
  }

  async #until(time: number): Promise<void> {
    this.environment.wakeAt(time, () => {});
    await this.#settle();
    while ((this.environment.next() ?? Number.POSITIVE_INFINITY) <= time) if (!(await this.#step())) return;
  }

  async #step(): Promise<boolean> {
    if (++this.#steps > mostSteps || this.disk.durable > mostRecords) {
      this.complain('I27', `the run does not end: ${this.#steps} steps, ${this.disk.durable} records`);
      return false;
    }
    if (!this.environment.step()) return false;
    await this.#settle();
    return true;
  }

  async #settle(): Promise<void> {
    await promisesSettled();
    if (this.#running !== undefined && !this.#running.life.hasFailed) this.#options.watch(this.#running.hub, this);
  }

  /** The faults are over. Everybody who is left is willing, and within a bounded time all is done (I27). */
  async #heal(): Promise<void> {
    this.#isHealed = true;
    this.disk.heal();
    const old = this.#running?.life ?? this.#opening;
    const mayGoOn = this.#running !== undefined && !this.#running.life.hasFailed && this.#plan.seed % 2 === 0;
    if (old !== undefined && !(mayGoOn && this.#running?.hub.status().state !== 'stopped')) this.#end(old, 'all');
    this.#desk.team.clear();
    this.#waiting = [];
    if (this.#running === undefined) this.#open(0);
    await this.#settle();
    const running = this.#running;
    if (running === undefined) {
      this.complain('I27', 'no hub opens when the faults are over');
      return;
    }
    const { hub, life } = running;
    this.#letEverythingEnd(running);
    const end = this.environment.now() + drainsWithin;
    this.environment.wakeAt(end, () => {});
    await this.#settle();
    const isOver = () => hub.actor.getSnapshot().value === 'stopped' && hub.isSettled();
    while (!isOver() && !life.hasFailed && this.environment.now() < end) if (!(await this.#step())) break;
    this.isDrained = isOver();
    if (!this.isDrained) this.complain('I27', `not drained: ${leftOvers(hub)}`);
  }

  #letEverythingEnd(running: Running): void {
    const { hub } = running;
    /** A hub that drains already may stop in the middle of this. */
    const unlessStopped = (act: () => unknown) => {
      if (hub.actor.getSnapshot().value !== 'stopped') act();
    };
    for (const { id } of hub.schedules()) unlessStopped(() => hub.unschedule(id));
    if (hub.status().state === 'paused') hub.resume();
    for (const { id } of hub.agents()) unlessStopped(() => hub.unregister(id));
    const willing = willingHands(this.#plan, hub);
    for (const agent of willing) unlessStopped(() => register(agent, running, this.#desk));
    hub.on('agent.unregistered', ({ payload }) => {
      const gone = willing.find(({ profile }) => profile.id === payload.agentId); // It had nothing to do for long.
      if (gone !== undefined) unlessStopped(() => register(gone, running, this.#desk));
    });
    for (const { id, status } of hub.orchestrations().current) {
      if (status === 'paused') unlessStopped(() => hub.resumeOrchestration(id));
    }
    this.#approveAll(running);
    unlessStopped(() => hub.drain().catch(() => {}));
  }

  /** A person who says yes to everything, at once. */
  #approveAll(running: Running): void {
    const { hub, life } = running;
    const approve = (gateId: string) => {
      const gate = hub.gates().find(({ id }) => id === gateId);
      if (gate === undefined) return;
      const by = gate.approvers?.[0] ?? 'everybody';
      const choice = gate.choices?.includes('skip') === true ? 'skip' : gate.choices?.[0];
      life.environment.wakeAt(life.environment.now() + 1000, () => {
        decide(
          gateId,
          { decision: 'approve', by, ...(choice !== undefined && { choice }) },
          running,
          this.recorder,
        ).catch(() => {});
      });
    };
    for (const { id } of hub.gates()) approve(id);
    hub.on('gate.open', ({ payload }) => approve(payload.gateId));
    hub.on('gate.handedOver', ({ payload }) => approve(payload.gateId));
  }
}

function leftOvers(hub: Hub): string {
  const { state, tasks, consultations, gates, agents } = hub.status();
  const left = hub.tasks().filter(({ finishedAt }) => finishedAt === null);
  return JSON.stringify({
    state,
    tasks,
    left: left
      .slice(0, 5)
      .map(({ id, state: at, agentId, requirements, waitsFor }) => ({ id, at, agentId, requirements, waitsFor })),
    consultations,
    gates,
    orchestrations: hub.orchestrations(),
    agents: agents.map(({ id, state: at, tasks: has }) => `${id} ${at} ${has.length}`),
  }).slice(0, 2000);
}
