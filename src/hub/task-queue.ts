/**
 * The queue of tasks that wait for an agent.
 *
 * Owns: the order (higher priority first, first in first out within one) and which tasks have left the
 * queue but are not finished. Does not own: who gets a task.
 *
 * Tasks that ask the same of an agent share a lane, so that finding work for an agent looks at the head
 * of each lane and never at tasks that the agent could not do.
 *
 * - Q1 the order is that of a plain sort by (priority descending, place ascending).
 * - Q2 a task that comes back keeps its place, so it does not lose its turn.
 * - Q3 enqueue, dequeue, remove and reprioritise are O(log n).
 */
import { IndexedHeap } from '../actors/indexed-heap.ts';

export interface QueuedTask {
  readonly id: string;
  /** Higher first. */
  readonly priority: number;
  /** Lower first within a priority; unique. */
  readonly place: number;
  /** What it asks of an agent; tasks with equal lanes can be done by the same agents. */
  readonly lane: string;
}

export interface QueueStats {
  readonly queued: number;
  /** Taken out of the queue and not finished. */
  readonly processing: number;
  readonly total: number;
}

/** Q1, as a comparison. */
const goesBefore = (a: QueuedTask, b: QueuedTask): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.place < b.place);

/** Sorts them by Q1, in place. */
export const inOrder = (tasks: QueuedTask[]): QueuedTask[] =>
  tasks.length < 2 ? tasks : tasks.sort((a, b) => (goesBefore(a, b) ? -1 : 1));

export class TaskQueue {
  readonly #lanes = new Map<string, IndexedHeap<QueuedTask>>();
  /** The heads of the lanes. */
  readonly #heads = new IndexedHeap<QueuedTask>(goesBefore);
  readonly #laneOf = new Map<string, string>();
  readonly #processing = new Set<string>();

  enqueue(task: QueuedTask): void {
    this.#processing.delete(task.id);
    let lane = this.#lanes.get(task.lane);
    if (lane === undefined) {
      lane = new IndexedHeap(goesBefore);
      this.#lanes.set(task.lane, lane);
    }
    lane.set(task.id, task);
    this.#laneOf.set(task.id, task.lane);
    this.#refreshHead(task.lane, lane);
  }

  /** Takes out the next task, or the one with this id. It counts as processing until `finish`. */
  dequeue(id = this.peek()?.id): QueuedTask | undefined {
    const task = id === undefined ? undefined : this.#take(id);
    if (task !== undefined) this.#processing.add(task.id);
    return task;
  }

  peek(): QueuedTask | undefined {
    return this.#heads.peek();
  }

  get(id: string): QueuedTask | undefined {
    const lane = this.#laneOf.get(id);
    return lane === undefined ? undefined : this.#lanes.get(lane)?.get(id);
  }

  /** Forgets a task, wherever it is. */
  remove(id: string): void {
    this.#take(id);
    this.#processing.delete(id);
  }

  /** False when the task is not queued. */
  reprioritise(id: string, priority: number): boolean {
    const task = this.get(id);
    if (task === undefined) return false;
    this.enqueue({ ...task, priority });
    return true;
  }

  isProcessing(id: string): boolean {
    return this.#processing.has(id);
  }

  get pendingCount(): number {
    return this.#laneOf.size;
  }

  get stats(): QueueStats {
    const [queued, processing] = [this.#laneOf.size, this.#processing.size];
    return { queued, processing, total: queued + processing };
  }

  /** The first task of each lane. */
  heads(): IterableIterator<QueuedTask> {
    return this.#heads.values();
  }

  /** All queued tasks in order. Sorts: for views, not for the loop. */
  inOrder(): QueuedTask[] {
    return inOrder([...this.#lanes.values()].flatMap((lane) => [...lane.values()]));
  }

  #take(id: string): QueuedTask | undefined {
    const key = this.#laneOf.get(id);
    const lane = key === undefined ? undefined : this.#lanes.get(key);
    if (key === undefined || lane === undefined) return undefined;
    const task = lane.remove(id);
    this.#laneOf.delete(id);
    this.#refreshHead(key, lane);
    return task;
  }

  #refreshHead(key: string, lane: IndexedHeap<QueuedTask>): void {
    const head = lane.peek();
    if (head !== undefined) {
      this.#heads.set(key, head);
    } else {
      this.#heads.remove(key);
      this.#lanes.delete(key);
    }
  }
}
