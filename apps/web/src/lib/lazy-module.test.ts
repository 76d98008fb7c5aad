import { afterEach, expect, test, vi } from 'vitest'
import { noteServerBuild, outdated } from './outdated.ts'
import { defineLazyModule, fetchModulesWhenIdle } from './lazy-module.ts'
import { isServerAway, noteServer, whenServerAnswers } from './server-reach.ts'

afterEach(() => {
  noteServer(true)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a lazy module is fetched once, however often it is used', async () => {
  const fetchPart = vi.fn<() => Promise<string>>(async () => 'part')
  const part = defineLazyModule(fetchPart)
  expect(part.fetched()).toBeUndefined()
  expect(await Promise.all([part.load(), part.load()])).toEqual(['part', 'part'])
  expect(part.fetched()).toBe('part')
  expect(fetchPart).toHaveBeenCalledOnce()
})

test('a lazy module waits while the server is down, and is fetched when it answers again', async () => {
  vi.useFakeTimers()
  const fetchPart = vi.fn<() => Promise<string>>(async () => 'part')
  const part = defineLazyModule(fetchPart)
  noteServer(false)
  const loading = part.load()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(fetchPart).not.toHaveBeenCalled()
  noteServer(true)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await loading).toBe('part')
})

test('the server is asked repeatedly while it is down, once for all who wait', async () => {
  vi.useFakeTimers()
  noteServer(false)
  const answers = [false, false, true]
  const ask = vi.fn<() => Promise<boolean>>(async () => answers.shift() ?? true)
  const waiting = Promise.all([whenServerAnswers(ask), whenServerAnswers(ask)])
  await vi.advanceTimersByTimeAsync(3_000)
  await waiting
  expect(ask).toHaveBeenCalledTimes(3)
  expect(isServerAway()).toBe(false)
})

test('a lazy module that the answering server lacks makes the page outdated', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ status: 'ok' }))
  const part = defineLazyModule(() => Promise.reject<string>(new TypeError('no page-x.js')))
  await expect(part.load()).rejects.toThrow('no page-x.js')
  expect(part.isMissing()).toBe(true)
  expect(outdated()).toEqual({ by: 'part', what: 'no page-x.js' })
  noteServerBuild({ version: __BANGUI_VERSION__, build: null })
})

test('a lazy module that failed because the server stopped is fetched when it answers again', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ status: 'ok' }))
  const fetchPart = vi.fn<() => Promise<string>>(async () => 'part')
  fetchPart.mockRejectedValueOnce(new TypeError('Failed to fetch'))
  const part = defineLazyModule(fetchPart)
  const before = outdated()
  expect(await part.load()).toBe('part')
  expect(part.isMissing()).toBe(false)
  expect(outdated()).toBe(before)
})

test('all lazy modules are fetched when the browser is idle, also those that others define', async () => {
  const inner = vi.fn<() => Promise<string>>(async () => 'inner')
  const outer = defineLazyModule(async () => void defineLazyModule(inner))
  await fetchModulesWhenIdle(async () => undefined)
  expect(outer.isMissing()).toBe(false)
  expect(inner).toHaveBeenCalledOnce()
})
