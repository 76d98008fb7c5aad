import { createRoot, createSignal } from 'solid-js'
import { expect, it } from 'vitest'
import { createHeld } from './held.ts'

const enter = { pointerType: 'mouse' } as PointerEvent

function hold() {
  const [value, setValue] = createSignal(1)
  const [about, setAbout] = createSignal('a')
  const { held, dispose } = createRoot((end) => ({ held: createHeld(value, about), dispose: end }))
  return { held, setValue, setAbout, dispose }
}

it('a held value does not change while somebody reads, and follows otherwise', () => {
  const { held, setValue, dispose } = hold()
  setValue(2)
  expect(held.value()).toBe(2)
  held.handlers.onPointerEnter(enter)
  setValue(3)
  expect(held.value()).toBe(2)
  held.handlers.onPointerLeave()
  expect(held.value()).toBe(3)
  dispose()
})

it('a held value changes with its subject even while somebody reads', () => {
  const { held, setValue, setAbout, dispose } = hold()
  held.handlers.onPointerEnter(enter)
  setValue(2)
  expect(held.value()).toBe(1)
  setAbout('b')
  expect(held.value()).toBe(2)
  setValue(3)
  expect(held.value()).toBe(2)
  dispose()
})
