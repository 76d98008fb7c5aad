import { describe, expect } from 'vitest'
import { attack } from './support/attack.ts'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

/** The texts of buttons, menu items and checkboxes that change fail2ban. */
const changing =
  /^(ban(?! time)|unban|ban again|activate|deactivate|start|stop|restart|reload|load|pause \(idle|resume|ignore|never ban|apply|make it permanent|set up|discard|roll back|select)\b/i

describe('a read-only BanGUI', () => {
  test('shows everything, says why nothing can be changed, and offers no changes', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web', enabled: false }] })
    await attack(daemon, 'sshd', ['203.0.113.31'])
    const bangui = await world.bangui(daemon, { BANGUI_READ_ONLY: 'true' })
    const { page } = await world.visitor(bangui.url)
    const offered = async () => {
      const controls = page.locator('button, [role=menuitem], [role=checkbox], input[type=checkbox]')
      const names = await controls.evaluateAll((all) =>
        all.map((each) => (each.ariaLabel ?? each.closest('label')?.textContent ?? each.textContent).trim()),
      )
      return names.filter((name) => changing.test(name))
    }
    for (const path of [
      '',
      'bans',
      'activity',
      'jails',
      'jails/sshd',
      'jails/sshd?tab=bans',
      'jails/sshd?tab=settings',
      'jails/web',
      'addresses/203.0.113.31',
      'settings?tab=fail2ban',
    ]) {
      await page.goto(`${bangui.url}${path}`)
      await page.getByRole('note').getByText('READ-ONLY').waitFor()
      await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
      expect(await offered(), path).toEqual([])
    }
    await page.goto(`${bangui.url}bans`)
    await page
      .getByRole('button', { name: /203\.0\.113\.31/ })
      .first()
      .click()
    await page.getByRole('menuitem', { name: 'Copy' }).waitFor()
    expect(await offered()).toEqual([])
    await page.keyboard.press('Escape')
    expect(await inspect(page, { page: 'bans', state: 'read-only' })).toEqual([])

    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(bangui.url)
    await daemon.stop()
    const alert = page.getByRole('alert')
    await alert.getByText('fail2ban is not running.').waitFor()
    await alert.getByRole('button', { name: 'What to do' }).click()
    expect(await alert.getByRole('button', { name: 'Start fail2ban' }).count()).toBe(0)
  })
})
