import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@solidjs/testing-library'
import { afterEach, vi } from 'vitest'

// a test of the wire has no window
if (typeof window !== 'undefined') {
  afterEach(cleanup)
  // lazy modules load slowly on a busy machine
  configure({ asyncUtilTimeout: 60_000 })

  // another program may listen at the address that jsdom gives a page
  globalThis.fetch = () => Promise.reject(new TypeError('A test of the interface has no network.'))

  // Kobalte and the router need these, which jsdom lacks
  window.scrollTo = () => {}
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  })) as unknown as typeof window.matchMedia
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  // whatever is looked at is in sight
  globalThis.IntersectionObserver ??= class {
    #report: IntersectionObserverCallback
    constructor(report: IntersectionObserverCallback) {
      this.#report = report
    }
    observe() {
      this.#report([{ isIntersecting: true } as IntersectionObserverEntry], this)
    }
    unobserve() {}
    disconnect() {}
    takeRecords = () => []
    root = null
    rootMargin = ''
    scrollMargin = ''
    thresholds = []
  }
}
