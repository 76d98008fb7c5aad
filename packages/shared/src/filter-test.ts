import * as z from 'zod'
import { FilterMode, FilterName, regexLimits } from './regex-test.ts'
import { Time } from './time.ts'

/** A sample line that a filter must match as one address, or must not match (`address` null). */
export const FilterTest = z.object({
  id: z.int(),
  filter: FilterName,
  /** the mode in which the filter is tested; null: its own default */
  mode: FilterMode.nullable(),
  line: z.string().min(1).max(regexLimits.lineLength),
  address: z.string().min(1).max(255).nullable(),
})
export type FilterTest = z.infer<typeof FilterTest>

/** A new {@link FilterTest}. */
export const AddFilterTestInput = z.object({
  filter: FilterName,
  mode: FilterMode.nullable().default(null),
  line: z
    .string()
    .min(1)
    .max(regexLimits.lineLength)
    .regex(/^[^\r\n\0]*$/, 'A sample is one line.')
    .regex(/^[^#]/, 'fail2ban-regex leaves out lines that begin with #.'),
  address: z.string().trim().min(1).max(255).nullable(),
})
export type AddFilterTestInput = z.infer<typeof AddFilterTestInput>

/** How a sample did. `found` is what the filter matches it as; null: it does not. */
export const FilterTestResult = z.object({
  id: z.int(),
  passed: z.boolean(),
  found: z.string().nullable(),
  /** why the sample could not be tested; null: it was */
  problem: z.string().nullable(),
})
export type FilterTestResult = z.infer<typeof FilterTestResult>

/** A run of the tests of a filter. */
export const FilterTestRun = z.object({ at: Time, results: z.array(FilterTestResult) })
export type FilterTestRun = z.infer<typeof FilterTestRun>

/** How a sample did on a copy with a change. */
export const FilterTestReport = FilterTestResult.extend({
  test: FilterTest,
  /** the jail on whose regexes it was tested; null: the filter's own */
  jail: z.string().nullable(),
})
export type FilterTestReport = z.infer<typeof FilterTestReport>
