/**
 * Where the boxes and arrows of a chart go. ELK places them, in a worker of its own that is loaded when the first chart
 * is looked at.
 *
 * - L4 a chart is laid out once, however often it is looked at.
 */
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { ChartDescription } from 'xstate-hub/machines';
import { type ChartArrow, type ChartBox, type ChartGraph, chartGraph } from './chart-graph.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Place extends Point {
  readonly width: number;
  readonly height: number;
}

interface PlacedBox extends Place {
  readonly box: ChartBox;
  readonly depth: number;
}

export interface PlacedArrow {
  readonly arrow: ChartArrow;
  readonly points: readonly Point[];
  readonly label: Place | null;
}

export interface ChartLayout {
  readonly chart: ChartDescription;
  readonly width: number;
  readonly height: number;
  /** Outer ones before those inside them. */
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
  /** Where it begins: a dot, and the way to the first state. */
  readonly starts: readonly { readonly at: Point; readonly points: readonly Point[] }[];
  /** Where the arrows that leave any state begin; null when there are none. */
  readonly anywhere: Place | null;
}

/** How wide a text is, in px. */
export type Measure = (text: string, size: 'name' | 'label') => number;

export const lineHeight = 13;
const nameHeight = 26;
const startPath = (path: string) => `start:${path}`;
const anywhereId = 'anywhere';

const known = new Map<string, Promise<ChartLayout>>();
let elk: Promise<ELK> | undefined;

/** @param measure as the page draws text */
export function layoutOf(chart: ChartDescription, measure: Measure): Promise<ChartLayout> {
  const key = `${chart.id} ${chart.states.length}`;
  let layout = known.get(key);
  if (layout === undefined) {
    elk ??= openElk();
    layout = elk.then((engine) => layOut(chart, measure, engine));
    known.set(key, layout);
  }
  return layout;
}

async function openElk(): Promise<ELK> {
  const [{ default: Elk }, { default: url }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ]);
  return new Elk({ workerFactory: () => new Worker(url) });
}

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=4,left=4,bottom=4,right=4]',
  'elk.spacing.nodeNode': '24',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '8',
  'elk.spacing.edgeLabel': '2',
  'elk.layered.spacing.nodeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeNodeBetweenLayers': '9',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '7',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.edgeLabels.sideSelection': 'SMART_DOWN',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.thoroughness': '3',
};

export async function layOut(
  chart: ChartDescription,
  measure: Measure,
  engine: Pick<ELK, 'layout'>,
): Promise<ChartLayout> {
  const graph = chartGraph(chart);
  const placed = await engine.layout(toElk(graph, measure));
  return fromElk(chart, graph, placed);
}

function toElk({ boxes, arrows, initial }: ChartGraph, measure: Measure): ElkNode {
  const edges: ElkExtendedEdge[] = arrows.map(({ id, from, to, lines }) => ({
    id,
    sources: [from === '' ? anywhereId : from],
    targets: [to],
    ...(lines.length > 0 && {
      labels: [
        {
          id: `label:${id}`,
          text: lines.join('\n'),
          width: Math.max(...lines.map((line) => measure(line, 'label'))) + 8,
          height: lines.length * lineHeight + 2,
        },
      ],
    }),
  }));
  const withStart = (path: string, first: string | null, inner: ElkNode[]): ElkNode[] => {
    if (first === null) return inner;
    edges.push({ id: startPath(path), sources: [`${startPath(path)}:dot`], targets: [first] });
    const dot = {
      id: `${startPath(path)}:dot`,
      width: 8,
      height: 8,
      layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' },
    };
    return [dot, ...inner];
  };
  const nodeOf = ({ path, name, children, initial: first }: ChartBox): ElkNode => {
    const width = Math.max(76, measure(name, 'name') + 36);
    if (children.length === 0) return { id: path, width, height: nameHeight };
    return {
      id: path,
      children: withStart(path, first, children.map(nodeOf)),
      layoutOptions: {
        'elk.padding': `[top=${nameHeight + 10},left=14,bottom=14,right=14]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${width}, 60)`,
      },
    };
  };
  const top = withStart('', initial, boxes.map(nodeOf));
  if (arrows.some(({ from }) => from === '')) {
    top.unshift({ id: anywhereId, width: measure('any state', 'name') + 20, height: 22 });
  }
  return { id: 'chart', layoutOptions: options, children: top, edges };
}

function fromElk(chart: ChartDescription, { boxes, arrows }: ChartGraph, placed: ElkNode): ChartLayout {
  const places = new Map<string, Place>();
  const collect = (node: ElkNode) => {
    const { id, x = 0, y = 0, width = 0, height = 0 } = node;
    places.set(id, { x, y, width, height });
    for (const child of node.children ?? []) collect(child);
  };
  collect(placed);
  const edges = new Map((placed.edges ?? []).map((edge) => [edge.id, edge]));
  const pointsOf = (id: string): Point[] =>
    (edges.get(id)?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
      startPoint,
      ...bendPoints,
      endPoint,
    ]);
  const flat = (list: readonly ChartBox[], depth: number): PlacedBox[] =>
    list.flatMap((box) => [{ box, depth, ...(places.get(box.path) as Place) }, ...flat(box.children, depth + 1)]);
  const starts = [...places]
    .filter(([id]) => id.startsWith('start:'))
    .map(([id, { x, y }]) => ({ at: { x: x + 4, y: y + 4 }, points: pointsOf(id.slice(0, -':dot'.length)) }));
  return {
    chart,
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    boxes: flat(boxes, 0),
    arrows: arrows.map((arrow) => {
      const [label] = edges.get(arrow.id)?.labels ?? [];
      return {
        arrow,
        points: pointsOf(arrow.id),
        label:
          label === undefined
            ? null
            : { x: label.x ?? 0, y: label.y ?? 0, width: label.width ?? 0, height: label.height ?? 0 },
      };
    }),
    starts,
    anywhere: places.get(anywhereId) ?? null,
  };
}
