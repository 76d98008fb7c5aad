import * as z from 'zod'

/** A point in time: UTC epoch milliseconds. */
export const Time = z.int()
export type Time = z.infer<typeof Time>

/** A count: a whole number, never negative. */
export const Count = z.int().min(0)
