import { resultOf } from '@bangui/async'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { previewSwitch, reloadAll, stageSwitch } from '../../test/changes.ts'
import { ban, createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { ConfigRefusedError } from '../errors.ts'

/** facts of fail2ban 1.0.2: its own test passes the first five */
const badValues = [
  ['failregex = (((', /unterminated subpattern/],
  ['bantime = nonsense', /nonsense/],
  ['maxretry = x', /maxretry/],
  ['backend = nosuch', /Unknown backend nosuch/],
  ['logencoding = klingon', /klingon/],
  ['filter = nosuch', /nosuch/],
  ['action = nosuch', /nosuch/],
  ['logpath = /nonexistent/a.log', /Have not found any log file/],
] as const

/**
 * Values that are wrong at the same time, each in a jail of its own: those that fail2ban's own test passes; and each of the others alone,
 * since fail2ban reads no further.
 */
const groups = [badValues.slice(0, 5), ...badValues.slice(5).map((value) => [value])].map((values) => ({
  values,
  lines: values.map(([line]) => line).join('; '),
}))
const webJails = badValues.slice(0, 5).map((_, index) => `web${index}`)

const spoil = (at: TestHost, ...sections: readonly (readonly [jail: string | undefined, line: string])[]) =>
  writeFile(
    join(at.daemon.configDir, 'jail.d', 'bad.local'),
    sections.map(([jail, line]) => `[${jail}]\n${line}\n`).join(''),
  )

const spoilWebJails = (at: TestHost, values: (typeof groups)[number]['values']) =>
  spoil(at, ...values.map(([line], index) => [webJails[index], line] as const))

async function expectUnharmed(at: TestHost): Promise<void> {
  expect(await runningJails(at.host)).toEqual(['app', ...webJails])
  expect(await at.daemon.ask('get', 'app', 'banip')).toContain('192.0.2.7')
}

/** The changes that were saved, without those that this test makes by hand. */
async function madeHere({ changes }: TestHost) {
  return (await changes.listSince(0)).filter(({ outside }) => outside === undefined)
}

/** A host whose jails run, for all tests of a block: none of them may change it. */
function shareHost(): () => TestHost {
  let at: TestHost
  beforeAll(async () => {
    const running = ['app', ...webJails].map((name) => ({ name }))
    at = await createTestHost({ jails: [...running, { name: 'spare', enabled: false }] })
    await at.daemon.start()
    await ban(at, 'app', '192.0.2.7')
  })
  afterAll(() => at[Symbol.asyncDispose]())
  return () => at
}

describe('a bad value', () => {
  const host = shareHost()

  test.each(badValues)(
    '(%s) of a jail is refused with the reason, and nothing else is touched',
    async (line, reason) => {
      const at = host()
      await spoil(at, ['spare', line])
      const before = await readdir(join(at.daemon.configDir, 'jail.d'))
      const refusal = await stageSwitch(at.host, 'spare', true).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(ConfigRefusedError)
      expect((refusal as ConfigRefusedError).message).toMatch(reason)
      expect(await previewSwitch(at.host, 'spare', true)).toMatchObject({
        refused: expect.stringMatching(reason),
      })
      expect(await readdir(join(at.daemon.configDir, 'jail.d'))).toEqual(before)
      expect(await madeHere(at)).toEqual([])
      await expectUnharmed(at)
    },
  )
})

describe('a bad value in a running jail', () => {
  const host = shareHost()

  test.each(groups)(
    '($lines) has a reload and a restart refused, and every jail and ban stays',
    async ({ values }) => {
      const at = host()
      const pid = await at.daemon.pid()
      await spoilWebJails(at, values)
      const refusal = await reloadAll(at.host).catch((error: unknown) => error)
      for (const [, reason] of values) expect(String(refusal)).toMatch(reason)
      await expect(resultOf(at.host.daemon.restart())).rejects.toThrow(ConfigRefusedError)
      expect(await at.daemon.pid()).toBe(pid)
      await expectUnharmed(at)
    },
  )
})

describe('a bad value in another jail', () => {
  const host = shareHost()

  test.each(groups)('($lines) lets a good one be switched on and off', async ({ values }) => {
    const at = host()
    await spoilWebJails(at, values)
    const preview = await previewSwitch(at.host, 'spare', true)
    expect(preview.refused).toBeNull()
    for (const [index] of values.entries()) expect(preview.warnings.join('\n')).toContain(webJails[index])
    const on = await stageSwitch(at.host, 'spare', true)
    expect(await at.host.config.apply(on?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
    expect(await runningJails(at.host)).toEqual(['app', 'spare', ...webJails])
    const off = await stageSwitch(at.host, 'spare', false)
    expect(await at.host.config.apply(off?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
    await expectUnharmed(at)
  })
})
