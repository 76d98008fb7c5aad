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

it('goes on with the part once it is there', async () => {
  const goOn = vi.fn<(part: string) => void>()
  await whenFetched(
    defineLazyModule(async () => 'part'),
    goOn,
  )
  expect(goOn).toHaveBeenCalledExactlyOnceWith('part')
})

it('says that it waits for a server that is away, and goes on by itself', async () => {
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

it('opens nothing that was given up meanwhile', async () => {
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

it('says that a part is missing, and stays where it is', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ status: 'ok' }))
  render(() => <ToastRegion />)
  const goOn = vi.fn<() => void>()
  await whenFetched(
    defineLazyModule(() => Promise.reject<string>(new TypeError('Failed to fetch'))),
    goOn,
  )
  vi.unstubAllGlobals()
  expect(goOn).not.toHaveBeenCalled()
  expect(await screen.findByText('This part of the page could not be fetched')).toBeVisible()
})
