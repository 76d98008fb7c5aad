import { Cron } from 'croner'
import { HOUR_MS, isTimeZone } from '@bangui/shared'
import { AppError } from './errors.ts'

/** When something runs again and again: every N hours (`6h`), or as cron writes it, with five fields in a time zone. */
export interface Schedule {
  readonly schedule: string
  /** such as `Europe/Berlin` */
  readonly zone: string
}

/** Returns the next times of a schedule after a time, the first one first. @throws AppError schedule_invalid */
export function nextRuns({ schedule, zone }: Schedule, after: number, count: number): number[] {
  const hours = hoursOf(schedule)
  if (hours !== undefined)
    return Array.from({ length: count }, (_, index) => after + (index + 1) * hours * HOUR_MS)
  const cron = parseCron(schedule, zone)
  const times = timesOf(cron, after, count)
  // an impossible date, such as the 30th of February
  if (times.length === 0)
    throw new AppError('schedule_invalid', { message: 'It never comes: there is no such date.' })
  return times
}

function timesOf(cron: Cron, after: number, count: number): number[] {
  try {
    return cron.nextRuns(count, new Date(after)).map((time) => time.getTime())
  } catch (error) {
    // croner looks for some dates by calling itself until the stack is full, such as for the 31st of April
    if (error instanceof RangeError) return []
    throw error
  }
}

/**
 * Returns the next time of a schedule, where one was stored. A stored time that is later than the one from now on is from before the
 * clock was set back, and would be waited for too long. @throws AppError schedule_invalid
 */
export function plannedRun(schedule: Schedule, stored: number, now: number): number {
  const [next = stored] = stored <= now ? [] : nextRuns(schedule, now, 1)
  return Math.min(stored, next)
}

/** Returns the longest time between two of the next runs of a schedule, in milliseconds. */
export function longestPause(schedule: Schedule, now: number): number {
  const times = nextRuns(schedule, now, 10)
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time))
  return Math.max(0, ...pauses)
}

function hoursOf(schedule: string): number | undefined {
  const [, hours] = /^(\d+)h$/.exec(schedule) ?? []
  return hours === undefined ? undefined : Number(hours)
}

function parseCron(schedule: string, zone: string): Cron {
  if (!isTimeZone(zone)) throw new AppError('schedule_invalid', { message: `There is no time zone ${zone}.` })
  try {
    return new Cron(schedule, { timezone: zone, mode: '5-part', paused: true })
  } catch (error) {
    const message = 'Enter five fields as in a crontab: minute, hour, day, month and day of the week.'
    throw new AppError('schedule_invalid', { message }, { cause: error })
  }
}
