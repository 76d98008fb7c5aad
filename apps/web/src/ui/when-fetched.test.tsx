import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { defineLazyModule } from '../lib/lazy-module.ts'
import { noteServer } from '../lib/server-reach.ts'
import { dismissAllToasts, ToastRegion } from './toast.tsx'
import { whenFetched } from './when-fetched.ts'

afterEach(() => {
  dismissAllToasts()
  noteServer(true)
})

it('whenFetched continues once the module is fetched', async () => {
  const goOn = vi.fn<(part: string) => void>()
  await whenFetched(
    defineLazyModule(async () => 'part'),
    goOn,
  )
  expect(goOn).toHaveBeenCalledExactlyOnceWith('part')
})

it('whenFetched shows that it waits for the server, and continues automatically', async () => {
  render(() => <ToastRegion />)
  noteServer(false)
  const goOn = vi.fn<() => void>()
  const done = whenFetched(
    defineLazyModule(async () => 'part'),
    goOn,
  )
  expect(await screen.findByText('BanGUI does not answer')).toBeVisible()
  expect(goOn).not.toHaveBeenCalled()
  noteServer(true)
  await done
  expect(goOn).toHaveBeenCalledOnce()
  expect(screen.queryByText('BanGUI does not answer')).toBeNull()
})

it('whenFetched opens nothing that was cancelled meanwhile', async () => {
  const user = userEvent.setup()
  render(() => <ToastRegion />)
  noteServer(false)
  const goOn = vi.fn<() => void>()
  const done = whenFetched(
    defineLazyModule(async () => 'part'),
    goOn,
  )
  await user.click(await screen.findByRole('button', { name: 'Cancel' }))
  noteServer(true)
  await done
  expect(goOn).not.toHaveBeenCalled()
})

it('whenFetched shows that a module is missing, and opens nothing', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ status: 'ok' }))
  render(() => <ToastRegion />)
  const goOn = vi.fn<() => void>()
  await whenFetched(
    defineLazyModule(() => Promise.reject<string>(new TypeError('Failed to fetch'))),
    goOn,
  )
  vi.unstubAllGlobals()
  expect(goOn).not.toHaveBeenCalled()
  expect(await screen.findByText('This part of the page could not be loaded')).toBeVisible()
})
