import type { Task } from '../../cli/tune/tasks.ts'

/** What the repository's cases must reach; below it the evaluation ends with status 1. */
export const floors: Readonly<Record<Task, { readonly precision: number; readonly recall: number }>> = {
  duplicate: { precision: 0.99, recall: 0.95 },
  incident: { precision: 0.95, recall: 0.85 },
}
