import { vi } from 'vitest'

/** A wait of a test ends when what it waits for is there. Its deadline is for what never comes, also on a busy machine. */
const DEADLINE_MS = 120_000

const isPatient = Symbol.for('bangui.patient-waits')
const { waitFor } = vi

// a worker that keeps its modules runs this before each file
if (!(isPatient in waitFor)) {
  const waitPatiently = (check, options = {}) => {
    const given = typeof options === 'number' ? { timeout: options } : options
    return waitFor(check, { ...given, timeout: Math.max(given.timeout ?? 0, DEADLINE_MS) })
  }
  vi.waitFor = Object.assign(waitPatiently, { [isPatient]: true })
}
