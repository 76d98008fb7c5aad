import { createHmac } from 'node:crypto'
import { describe, expect } from 'vitest'
import { startMessageServer } from '../apps/server/test/message-server.ts'
import { inspect } from './support/inspect.ts'
import { keepScreens } from './support/screens.ts'
import { test } from './support/test.ts'

interface Received {
  readonly incident: {
    readonly id: string
    readonly rule: string
    readonly state: string
    readonly url: string | null
  }
}

describe('the page of the alerts', () => {
  test('leads from nothing to an incident that somebody hears of, once when it opens and once when it ends', async ({
    world,
  }) => {
    await using receiver = await startMessageServer()
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }] })
    const bangui = await world.bangui(daemon, { BANGUI_ALLOW_PRIVATE_URLS: '127.0.0.1' })
    const { page, faults } = await world.visitor(bangui.url)
    // what a form has wrong is refused by the server
    faults.allow(/400/)
    const navigation = page.getByRole('navigation', { name: 'Main' })
    await navigation.getByRole('link', { name: 'Alerts' }).click()
    await page.getByText('Alerts are not set up yet').waitFor()
    await page.getByText('No open incidents').waitFor()
    expect(await inspect(page, { page: 'alerts', state: 'new' })).toEqual([])

    await page.getByRole('region', { name: 'Alerts are not set up yet' }).getByRole('link').click()
    await page.getByText('No channel yet').waitFor()
    await page.getByRole('button', { name: 'Add channel' }).click()
    const form = page.getByRole('dialog', { name: 'Add channel' })
    // by keyboard: the first field that is wrong gets the focus
    await form.getByLabel('Name', { exact: true }).fill('Ops')
    await page.keyboard.press('Enter')
    await form.getByText('Enter a value.').first().waitFor()
    expect(await form.getByLabel('Mail server').evaluate((field) => field === document.activeElement)).toBe(
      true,
    )
    await form.getByRole('checkbox', { name: /^Quiet hours/ }).check()
    await form.getByLabel('Digest').selectOption('daily')
    expect(await inspect(page, { page: 'alerts', state: 'channel-form' })).toEqual([])
    await form.getByLabel('Digest').selectOption('')
    await form.getByRole('checkbox', { name: /^Quiet hours/ }).uncheck()
    await form.getByLabel('Kind').selectOption('webhook')
    await form.getByLabel('Address', { exact: true }).fill('ftp://127.0.0.1/')
    await form.getByRole('button', { name: 'Add channel' }).click()
    await form.getByText('Enter an address that begins with https:// or http://.').waitFor()
    await keepScreens(page, { page: 'alerts', state: 'webhook-form' })
    await form.getByLabel('Address', { exact: true }).fill(`${receiver.url}/hook`)
    await form.getByRole('textbox', { name: 'Signing secret' }).fill('s3cret')
    await form.getByRole('button', { name: 'Add channel' }).click()
    await form.waitFor({ state: 'detached' })

    receiver.test.reply = (response) => response.writeHead(401).end('wrong token')
    await page.getByRole('button', { name: 'Send test to Ops' }).click()
    await page.getByText('The server answered 401: wrong token').waitFor()
    receiver.test.reply = undefined
    await page.getByRole('button', { name: 'Send test to Ops' }).click()
    await page.getByText('The server answered 200: ok').waitFor()
    await keepScreens(page, { page: 'alerts', state: 'channels' })

    // a secret is never shown again, and stays
    await page.getByRole('button', { name: 'More actions for Ops' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const edit = page.getByRole('dialog', { name: 'Edit channel' })
    expect(await edit.getByRole('textbox', { name: 'Signing secret' }).inputValue()).toBe('')
    await edit.getByLabel('Name', { exact: true }).fill('Operations')
    await edit.getByRole('button', { name: 'Save channel' }).click()
    await edit.waitFor({ state: 'detached' })

    await page.getByRole('tab', { name: 'Channels' }).focus()
    await page.keyboard.press('ArrowLeft')
    await page.getByRole('button', { name: 'Edit rule: fail2ban is down' }).click()
    const rule = page.getByRole('dialog', { name: 'Edit rule' })
    expect(await rule.getByRole('button', { name: /^Hosts/ }).count()).toBe(0)
    await rule.getByLabel('Open after').fill('soon')
    await rule.getByRole('button', { name: 'Save rule' }).click()
    await rule.getByText('Enter whole seconds from 0 to 86,400 (a day).').waitFor()
    await rule.getByLabel('Open after').fill('0')
    await rule.getByLabel('Resolve after').fill('0')
    await rule.getByRole('checkbox', { name: 'Operations' }).check()
    expect(await inspect(page, { page: 'alerts', state: 'rule-form' })).toEqual([])
    await rule.getByRole('button', { name: 'Save rule' }).click()
    await rule.waitFor({ state: 'detached' })
    await page.getByRole('switch', { name: 'Use rule: fail2ban is down' }).click()
    await page.getByRole('switch', { name: 'Use rule: fail2ban is down', checked: true }).waitFor()
    // toasts stay while the pointer is on them, and cover rows on a phone
    await page.mouse.move(0, 0)
    await expect.poll(() => page.getByRole('button', { name: 'Dismiss' }).count()).toBe(0)
    expect(await inspect(page, { page: 'alerts', state: 'rules' })).toEqual([])

    const told = () =>
      receiver.received
        .map(({ body }) => (JSON.parse(body) as Received).incident)
        .filter(({ rule: about }) => about === 'daemon_down')
        .map(({ state }) => state)
    await daemon.stop()
    await expect.poll(told, { timeout: 60_000 }).toEqual(['open'])
    const message = receiver.received.at(-1)
    const signature = createHmac('sha256', 's3cret')
      .update(message?.body ?? '')
      .digest('hex')
    expect(message?.headers['x-bangui-signature']).toBe(`sha256=${signature}`)
    await navigation.getByRole('link', { name: /^Alerts\s*1/ }).waitFor()
    await page.getByRole('tab', { name: 'Incidents' }).click()
    const incident = page.getByRole('list', { name: /^Incidents/ }).getByRole('listitem')
    await incident.getByText('Notified').waitFor()
    expect(await inspect(page, { page: 'alerts', state: 'incident' })).toEqual([])
    await incident.getByRole('link').click()
    const detail = page.getByRole('dialog')
    await detail.getByText(/^Message sent/).waitFor()
    await detail.getByRole('button', { name: /^Acknowledge/ }).click()
    await detail.getByText(/^Acknowledged by admin/).waitFor()
    expect(await inspect(page, { page: 'alerts', state: 'history' })).toEqual([])
    await page.keyboard.press('Escape')
    await incident.getByText('Acknowledged', { exact: true }).waitFor()
    await expect.poll(() => navigation.getByRole('link', { name: 'Alerts' }).textContent()).toBe('Alerts')

    await daemon.start()
    await expect.poll(told, { timeout: 60_000 }).toEqual(['open', 'resolved'])
    await page.getByText('No open incidents').waitFor()
    await page.getByRole('radio', { name: 'Resolved' }).check({ force: true })
    await incident.getByText('Resolved', { exact: true }).waitFor()
    await keepScreens(page, { page: 'alerts', state: 'resolved' })
    await page.getByRole('tab', { name: 'Messages' }).click()
    const messages = page.getByRole('list', { name: /^Messages/ }).getByRole('listitem')
    await expect.poll(() => messages.count()).toBe(4)
    await messages.first().getByRole('button', { name: 'Message' }).click()
    await messages
      .first()
      .getByText(/The incident lasted/)
      .waitFor()
    expect(await inspect(page, { page: 'alerts', state: 'messages' })).toEqual([])
  })
})
