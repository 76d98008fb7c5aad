import { render } from '@solidjs/testing-library'
import { afterEach, expect, it, vi } from 'vitest'
import { createInView } from './in-view.ts'

type Report = (entries: readonly { isIntersecting: boolean }[]) => void

afterEach(() => vi.unstubAllGlobals())

/** An observer that is controlled by the test. */
function watchSight() {
  const reports: Report[] = []
  const left = vi.fn()
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(report: Report) {
        reports.push(report)
      }
      observe() {}
      disconnect = left
    },
  )
  return {
    show: (isIntersecting: boolean) => reports.forEach((report) => report([{ isIntersecting }])),
    left,
  }
}

it('an element counts as in view once it was, from then on', () => {
  const sight = watchSight()
  const { seen, watch } = createInView()
  const { unmount } = render(() => <p ref={watch}>Here</p>)
  sight.show(false)
  expect(seen()).toBe(false)
  sight.show(true)
  expect(seen()).toBe(true)
  expect(sight.left).toHaveBeenCalled()
  unmount()
})

it('the observer stops when its element is removed', () => {
  const sight = watchSight()
  const { watch } = createInView()
  const { unmount } = render(() => <p ref={watch}>Here</p>)
  unmount()
  expect(sight.left).toHaveBeenCalled()
})
