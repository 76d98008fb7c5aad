import { MAX_DURATION_SECONDS, PERMANENT } from '@bangui/shared'
import type { JailNumber } from '../tuning-commands.ts'
import { CommandError } from '../wire/encode-command.ts'

const MAX_RETRIES = 1_000_000

/** A setting and its new value. */
export interface JailValue {
  readonly key: JailNumber
  readonly value: number
}

/**
 * The numbers among a jail's new settings, each one that fail2ban can take.
 * @throws CommandError for one that is no whole number or out of bounds
 */
export function checkedNumbers(settings: { readonly [Key in JailNumber]?: number | undefined }): JailValue[] {
  const keys: readonly JailNumber[] = ['bantime', 'findtime', 'maxretry']
  return keys.flatMap((key) => {
    const value = settings[key]
    if (value === undefined) return []
    assertInBounds(key, value)
    return [{ key, value }]
  })
}

function assertInBounds(key: JailNumber, value: number): void {
  const isPermanent = key === 'bantime' && value === PERMANENT
  const most = key === 'maxretry' ? MAX_RETRIES : MAX_DURATION_SECONDS
  if (Number.isInteger(value) && (isPermanent || (value >= 1 && value <= most))) return
  const unit = key === 'maxretry' ? '' : ' seconds'
  const extra = key === 'bantime' ? ', or -1 for permanent' : ''
  throw new CommandError(`${key} must be a whole number from 1 to ${most}${unit}${extra}.`)
}
