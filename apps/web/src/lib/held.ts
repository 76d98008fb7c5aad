import { type Accessor, createMemo } from 'solid-js'
import { createReading } from '../ui/reading.ts'

/**
 * Keeps a value as it is while somebody reads what shows it, so that rows do not jump under them; not beyond a change of
 * what it is `about`.
 */
export function createHeld<TValue>(value: Accessor<TValue>, about: Accessor<unknown> = () => undefined) {
  const { isReading, handlers } = createReading()
  const held = createMemo((before: Held<TValue> | undefined): Held<TValue> => {
    const subject = about()
    if (before && before.subject === subject && isReading()) return before
    return { value: value(), subject }
  }, undefined)
  return { value: () => held().value, handlers }
}

type Held<TValue> = { readonly value: TValue; readonly subject: unknown }
