import type { describeError } from '../../api/errors.ts'

type Described = ReturnType<typeof describeError>

/** Seconds until another attempt is taken, or undefined when the error is another one. */
export function throttledFor(error: Described | undefined): number | undefined {
  if (error?.reason !== 'login_throttled') return undefined
  const seconds = Number(error.params?.['seconds'])
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : 30
}
