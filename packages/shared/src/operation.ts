import * as z from 'zod'
import { OperationId } from './ban.ts'
import { Count, Time } from './time.ts'

export const OperationKind = z.enum(['ban', 'unban', 'import', 'statistics', 'export'])
export type OperationKind = z.infer<typeof OperationKind>

export const OperationState = z.enum(['running', 'done', 'failed', 'cancelled'])
export type OperationState = z.infer<typeof OperationState>

/** Long work; `live.watch` reports its progress. */
export const Operation = z.object({
  id: z.string(),
  kind: OperationKind,
  /** a short title, such as "Banning 5,000 addresses in sshd" */
  title: z.string(),
  done: Count,
  /** null: unknown */
  total: Count.nullable(),
  state: OperationState,
  startedAt: Time,
  endedAt: Time.nullable(),
  /** why it failed */
  message: z.string().nullable(),
  cancellable: z.boolean(),
})
export type Operation = z.infer<typeof Operation>

export const OperationInput = z.object({ id: OperationId })
