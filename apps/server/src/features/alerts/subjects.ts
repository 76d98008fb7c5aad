import * as z from 'zod'
import { AlertFacts } from './alert-facts.ts'

/** What a rule has seen of one thing that it is about. Plain data, stored with every change. */
export const SubjectMemory = z.object({
  /** the key of the host; null: BanGUI itself */
  host: z.string().nullable(),
  firingSince: z.int().nullable(),
  clearSince: z.int().nullable(),
  /** of rules that count: the events of the window */
  counter: z
    .array(z.tuple([z.int(), z.int()]).readonly())
    .max(100)
    .readonly(),
  /** of rules that events switch on and off */
  isOn: z.boolean(),
  /** null: nothing was seen yet */
  facts: AlertFacts.nullable(),
})
export type SubjectMemory = z.infer<typeof SubjectMemory>

/** Returns what is known of a subject that was never seen. */
export const newSubject = (host: string | null): SubjectMemory => ({
  host,
  firingSince: null,
  clearSince: null,
  counter: [],
  isOn: false,
  facts: null,
})

/** Returns the name of a subject: what identifies it within its rule. */
export const subjectName = (...parts: readonly (string | number | null)[]): string => JSON.stringify(parts)

/** Returns whether there is nothing about a subject worth keeping. */
export const isForgettable = ({ firingSince, clearSince, counter, isOn }: SubjectMemory): boolean =>
  firingSince === null && clearSince === null && counter.length === 0 && !isOn
