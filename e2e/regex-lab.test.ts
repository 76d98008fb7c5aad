import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

const lines = [
  '2026-11-30 01:02:03 host app[1]: Failed login for anna from 203.0.113.9',
  '2026-11-30 01:02:04 host app[1]: Session opened for ben from 203.0.113.10',
  '# a comment',
  'no date at all from \u202e203.0.113.11',
].join('\n')

describe('the regex lab', () => {
  test('shows which lines a filter matches and why, keeps tests, and survives a reload', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'app' }, { name: 'web' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}regex-lab`)
    await page.getByRole('button', { name: 'Test lines' }).click()
    await page.getByText('Choose a filter.').waitFor()
    await page.getByLabel('Filter', { exact: true }).selectOption('app')
    await page.getByLabel('Lines of a log').fill(lines)
    await page.getByLabel('Lines of a log').press('Control+Enter')
    await page.getByRole('heading', { name: '1 line matches' }).waitFor()
    await page.getByRole('button', { name: /^1 matched/ }).click()
    await page.getByText('This line counts as a failure.').waitFor()
    await page.getByText('Would be banned').waitFor()
    expect(await inspect(page, { page: 'regex-lab', state: 'matched' })).toEqual([])

    await page.getByRole('button', { name: 'Keep as a test: must match as 203.0.113.9' }).click()
    await page.getByText('must match as 203.0.113.9', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Run tests' }).click()
    await page.getByText('Passed', { exact: true }).waitFor()

    // the filter of a jail has the same tests
    await page.getByLabel('Test', { exact: true }).selectOption('jail')
    await page.getByLabel('Jail', { exact: true }).selectOption('app')
    await page.getByRole('button', { name: 'Test lines' }).click()
    await page.getByText('must match as 203.0.113.9', { exact: true }).waitFor()
    await page.getByLabel('Test', { exact: true }).selectOption('filter')

    expect(page.url()).toContain('filter=app')
    expect(page.url()).not.toContain('203.0.113')
    await page.reload()
    expect(await page.getByLabel('Lines of a log').inputValue()).toBe(lines)
    await page.getByText('must match as 203.0.113.9', { exact: true }).waitFor()

    await page.goto(`${bangui.url}configuration/filters/app`)
    const tests = page.getByRole('region', { name: 'Tests of app' })
    await tests.getByText('no test failed.').waitFor()
    await tests.getByText('Passed', { exact: true }).waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'filter-tests' })).toEqual([])
  })

  test('tests regexes on a log, explains what is wrong, and ends a regex that takes forever', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'app' }] })
    await appendFile(
      join(daemon.folder, 'logs', 'app.log'),
      `${lines}\n2026-11-30 01:02:05 ${'a'.repeat(64)}\n`,
    )
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}regex-lab?subject=regexes`)
    await page.getByLabel('Lines from').selectOption(join(daemon.folder, 'logs', 'app.log'))
    const failregex = page.getByLabel('failregex', { exact: true })
    await failregex.fill('((( <HOST>')
    await page.getByRole('button', { name: 'Test lines' }).click()
    await page.getByText('fail2ban refuses this').waitFor()
    await failregex.fill('^ never <HOST>$')
    await page.getByRole('button', { name: 'Test lines' }).click()
    await page.getByText('No failregex matches. fail2ban removes the date').waitFor()
    await failregex.fill('^ (a+)+b <HOST>$')
    await page.getByRole('button', { name: 'Test lines' }).click()
    await page.getByRole('button', { name: 'Cancel test' }).click()
    await page.getByRole('button', { name: 'Test lines' }).waitFor()
    await failregex.fill('opened for <F-USER>\\S+</F-USER> from <HOST>$')
    await page.getByRole('button', { name: 'Test lines' }).click()
    await page.getByRole('heading', { name: '1 line matches' }).waitFor()
    expect(decodeURIComponent(page.url())).toContain('F-USER')
  })
})

describe('the log lines of a ban', () => {
  test('are tested with one click', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'app', maxretry: 1 }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await daemon.logFailure('app', '45.1.1.9', 'anna')
    await page.goto(`${bangui.url}activity`)
    await page.getByRole('button', { name: 'Show details of the ban of 45.1.1.9' }).click()
    await page.getByRole('link', { name: 'Test these lines' }).click()
    await page.getByRole('button', { name: 'Test lines' }).click()
    await page.getByRole('heading', { name: '1 line matches' }).waitFor()
    expect(page.url()).not.toContain('45.1.1.9')
  })
})

describe('the logs', () => {
  test('show fail2ban’s own log and the failures in the log of a jail, as they are written', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'app' }, { name: 'web' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}logs`)
    const shown = page.getByRole('region', { name: 'Lines' })
    await shown.getByText("Jail 'app' started").waitFor()
    await daemon.ask('set', 'app', 'banip', '203.0.113.50')
    await shown.getByText('Ban 203.0.113.50').waitFor()
    expect(await inspect(page, { page: 'logs', state: 'own' })).toEqual([])
    await page.getByLabel('Jail', { exact: true }).selectOption('app')
    await page.getByLabel('Level').selectOption('notice')
    await shown.getByText('Ban 203.0.113.50').waitFor()
    expect(await shown.getByText("Jail 'web' started").count()).toBe(0)

    await page.getByLabel('Log', { exact: true }).selectOption(join(daemon.folder, 'logs', 'app.log'))
    await page.getByText('No lines yet').waitFor()
    await daemon.writeLog('app', 'nothing of note')
    await shown.getByText('nothing of note').waitFor()
    await daemon.logFailure('app', '203.0.113.60', 'anna')
    await shown.getByText('Failure of 203.0.113.60').waitFor()
    expect(await inspect(page, { page: 'logs', state: 'jail' })).toEqual([])
    await page.getByRole('button', { name: 'Pause' }).click()
    await daemon.writeLog('app', 'written meanwhile')
    await page.getByText('Paused: 1 new line').waitFor()
    expect(await shown.getByText('written meanwhile').count()).toBe(0)
    await page.getByRole('button', { name: 'Follow' }).click()
    await shown.getByText('written meanwhile').waitFor()
    await page.getByRole('switch', { name: 'Only failures' }).click()
    await shown.getByText('nothing of note').waitFor({ state: 'detached' })
    await page.reload()
    await shown.getByText('Failed login for anna').waitFor()
  })
})
