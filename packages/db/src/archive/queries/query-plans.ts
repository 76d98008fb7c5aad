import type { Reading } from './reading.ts'

/** Returns a reading that also collects the query plan of each statement. */
export function recordPlans(reading: Reading): {
  readonly plans: readonly string[]
  readonly observed: Reading
} {
  const plans: string[] = []
  const explain = (text: string, parameters: readonly unknown[]) => {
    const rows = reading.sqlite.prepare(`explain query plan ${text}`).all(...parameters)
    plans.push((rows as { detail: string }[]).map(({ detail }) => detail).join('\n'))
  }
  const observed: Reading = {
    ...reading,
    all: (text, ...parameters) => {
      explain(text, parameters)
      return reading.all(text, ...parameters)
    },
    get: (text, ...parameters) => {
      explain(text, parameters)
      return reading.get(text, ...parameters)
    },
  }
  return { plans, observed }
}
