import type { PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { unattended } from './support/bangui.ts'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

const COUNT = 3_000
const title = 'Banning 3,000 addresses in sshd'

const addresses = Array.from({ length: COUNT }, (_, index) => `45.1.${index >> 8}.${index & 255}`)

const countBanned = async (daemon: PrivateDaemon) => (await bannedIn(daemon, 'sshd')).length

describe('a ban of many addresses', () => {
  test('that a kill of BanGUI interrupts is continued with one click, and undone on the page of operations', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const env = { ...environmentOf(daemon), ...unattended, BANGUI_PROBE_INTERVAL_SECONDS: '1' }
    const bangui = await world.serve(env)
    const proxy = await world.proxy(bangui.url)
    const { page, context, faults } = await world.visitor(proxy.url)
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    faults.allow(/50[0-9]|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION|EventSource/)
    const banning = context.request
      .post(`${bangui.url}trpc/bans.ban`, {
        data: { jail: 'sshd', addresses, operationId: 'bulk' },
        headers: { origin: new URL(bangui.url).origin },
      })
      .catch(() => undefined)
    await page.getByText(/^\d+ of 3,000$/).waitFor()
    await expect.poll(() => countBanned(daemon)).toBeGreaterThan(0)
    await bangui.kill('SIGKILL')
    await banning
    const before = await countBanned(daemon)
    expect(before).toBeLessThan(COUNT)

    proxy.target = (await world.serve(env)).url
    const notice = page.getByRole('status').filter({ hasText: `${title}: interrupted after` })
    await notice.waitFor()
    expect(await inspect(page, { page: 'operations', state: 'interrupted' })).toEqual([])
    await notice.getByRole('button', { name: `Continue: ${title}` }).click()
    await page.getByText(/^[\d,]+ addresses banned in sshd$/).waitFor()
    await notice.waitFor({ state: 'detached' })
    expect(await countBanned(daemon)).toBe(COUNT)

    await page.getByRole('link', { name: 'Operations' }).click()
    const row = page
      .getByRole('list', { name: 'Operations, newest first' })
      .getByRole('listitem')
      .filter({ hasText: title })
    await row.getByText('done', { exact: true }).waitFor()
    await row.getByText(/^By admin, continued,/).waitFor()
    expect(await inspect(page, { page: 'operations' })).toEqual([])
    await row.getByRole('button', { name: `Undo: ${title}` }).click()
    const question = page.getByRole('alertdialog', { name: `Undo: ${title}` })
    await question.getByRole('button', { name: 'Undo the operation' }).click()
    await page.getByText('3,000 bans undone').waitFor()
    expect(await countBanned(daemon)).toBe(0)
    await row
      .filter({ hasText: `Undoing: ${title}` })
      .getByText('done', { exact: true })
      .waitFor()
    expect(await row.getByRole('button', { name: `Undo: ${title}` }).count()).toBe(0)
  })
})
