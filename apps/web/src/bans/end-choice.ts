/** Returns a moment as the field of a date has it, in the time zone of the browser. */
export function toDateField(time: number): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** Parses the field of a date, in the time zone of the browser; undefined: it is not complete. */
export function fromDateField(text: string): number | undefined {
  const time = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** Returns why an end cannot be chosen; undefined: it can. */
export function dateProblem(text: string, now: number): string | undefined {
  const time = fromDateField(text)
  if (time === undefined) return 'Enter a date and a time.'
  return time <= now ? 'Choose a time in the future.' : undefined
}
