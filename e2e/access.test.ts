import { chmod, chown } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { describe, expect } from 'vitest'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { unattended } from './support/bangui.ts'
import { keepScreens } from './support/screens.ts'
import { test } from './support/test.ts'

/** The user `nobody`, who owns nothing. */
const nobody = 65_534
/** Without root there is no socket of another user, so the own socket is made inaccessible. */
const isRoot = process.getuid?.() === 0

describe('a socket that belongs to root while BanGUI runs as another user', () => {
  test('is named on the page with the user and what to do', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    await chmod(daemon.folder, 0o755)
    const dataDir = await world.folder()
    if (isRoot) await chown(dataDir, nobody, nobody)
    else await chmod(daemon.socketPath, 0)
    const bangui = await world.serve(
      { ...environmentOf(daemon, dataDir), ...unattended, HOME: dataDir },
      isRoot ? { uid: nobody } : {},
    )
    const { page } = await world.visitor(bangui.url)
    const alert = page.getByRole('alert')
    await alert.getByText('BanGUI has no access to fail2ban.').waitFor()
    const text = await alert.textContent()
    expect(text).toContain(daemon.socketPath)
    expect(text).toContain(isRoot ? 'nobody' : userInfo().username)
    expect(await alert.getByRole('button', { name: 'Start fail2ban' }).count()).toBe(0)
    await alert.getByRole('button', { name: 'What to do' }).click()
    await alert
      .getByText(/setfacl/)
      .first()
      .waitFor()
    await keepScreens(page, { page: 'overview', state: 'no-access' })

    if (isRoot) await chown(daemon.socketPath, nobody, nobody)
    else await chmod(daemon.socketPath, 0o700)
    // it is retried automatically
    await expect.poll(() => alert.count()).toBe(0)
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'sshd' }).waitFor()
  })
})
