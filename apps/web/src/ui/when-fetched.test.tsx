import { render, screen } from '@solidjs/testing-library'
import { afterEach, expect, it, vi } from 'vitest'
import { dismissAllToasts, ToastRegion } from './toast.tsx'
import { whenFetched } from './when-fetched.ts'

afterEach(dismissAllToasts)

it('goes on once the part is there', async () => {
  const goOn = vi.fn<() => void>()
  await whenFetched(async () => 'part', goOn)
  expect(goOn).toHaveBeenCalledOnce()
})

it('says what could not be fetched, and stays where it is', async () => {
  render(() => <ToastRegion />)
  const goOn = vi.fn<() => void>()
  await whenFetched(() => Promise.reject(new TypeError('Failed to fetch')), goOn)
  expect(goOn).not.toHaveBeenCalled()
  expect(await screen.findByText('This part of the page could not be fetched')).toBeVisible()
})
