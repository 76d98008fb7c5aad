import { type Accessor, createMemo } from 'solid-js'
import { createReading } from '../ui/reading.ts'

/**
 * Keeps a value while somebody reads the element that shows it, so that rows do not jump under the reader. A change of
 * `about` ends that.
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
