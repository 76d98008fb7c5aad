import type { describeError } from '../../api/errors.ts'

type Described = ReturnType<typeof describeError>

/** Returns the seconds until the next attempt is allowed, or undefined for other errors. */
export function throttledFor(error: Described | undefined): number | undefined {
  if (error?.reason !== 'login_throttled') return undefined
  const seconds = Number(error.params?.['seconds'])
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : 30
}
