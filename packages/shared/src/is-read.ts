import type { OperationKind } from './operation.ts'

/** Returns whether operations of a kind only read fail2ban: they leave no record. */
export const isRead = (kind: OperationKind): boolean =>
  kind === 'statistics' || kind === 'health' || kind === 'export' || kind === 'import'
