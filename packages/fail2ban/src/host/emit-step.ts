import type { OperationStep } from '@bangui/shared'
import type { LocalHostContext } from './local-host-context.ts'

/** Reports what a change does now to those who follow it; `more` is about a load, jail by jail. */
export const emitStep = (
  { onStep }: Pick<LocalHostContext, 'onStep'>,
  name: OperationStep['name'],
  more: Partial<OperationStep> = {},
): void => onStep?.({ name, jail: null, done: 0, total: 0, ...more })
