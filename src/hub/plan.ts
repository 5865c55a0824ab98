/** The shapes of plans stand in src/machines/plan.ts, since the log holds plans. */
export {
  type ComplexRequest,
  complexRequestSchema,
  type Minutes,
  minutesSchema,
  mostSubtasks,
  type Plan,
  planSchema,
  type Subtask,
  subtaskSchema,
} from '../machines/plan.ts';
