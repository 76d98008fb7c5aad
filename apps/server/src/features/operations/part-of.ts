import type { OperationHandle } from './operation.ts'

/** Returns a handle for a part of an operation: its progress comes after `before`, and the title stays. */
export const partOf = (operation: OperationHandle, before: number): OperationHandle => ({
  ...operation,
  describe: () => undefined,
  progress: (done) => operation.progress(before + done),
})
