import { execFileSync, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { ToolMissingError } from '../errors.ts'
import { rehearse } from './rehearse.ts'
import { testConfig } from './test-config.ts'

const tools = { client: 'fail2ban-client' }

const base = (folder: string) => ({
  'fail2ban.conf': `[Definition]\nlogtarget = ${folder}/real.log\nsocket = ${folder}/real.sock\npidfile = ${folder}/real.pid\ndbfile = ${folder}/real.sqlite3\ndbpurgeage = 1d\ndbmaxmatches = 10\n`,
  'filter.d/f.conf': '[Definition]\nfailregex = ^one <HOST>$\n            ^two <HOST>$\n',
  'action.d/mark.conf': `[Definition]\nactionstart = touch ${folder}/started\nactionban = touch ${folder}/banned\n`,
  'jail.conf': `[DEFAULT]\nlogpath = ${folder}/log\nfilter = f\nbackend = polling\naction = mark\nignoreip = 127.0.0.1/8 ::1\nenabled = true\n[web]\n[mail]\nmaxretry = 3\n`,
  log: 'one 192.0.2.1\n',
})

async function createConfig(files: Record<string, string> = {}) {
  const folder = await createFolder({})
  for (const [name, text] of Object.entries({ ...base(folder.path), ...files }))
    await folder.write(name, text)
  return { ...folder, configDir: '/etc/live', filesNow: async () => (await readdir(folder.path)).sort() }
}

const serversOf = (path: string) =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('--async') && line.includes(path))

describe('a rehearsal', () => {
  it('is content with a good configuration, starts nothing, writes nothing, and leaves nothing behind', async () => {
    await using config = await createConfig()
    const before = await config.filesNow()
    const result = await rehearse(config, tools)
    expect(result).toMatchObject({
      ok: true,
      output: '',
      failedJails: [],
      refusals: [],
      enabledJails: ['web', 'mail'],
    })
    expect(result.stream).toContainEqual(['add', 'web', 'polling'])
    expect(await config.filesNow()).toEqual(before)
    expect(serversOf(config.path)).toEqual([])
  })

  it.each([
    ['failregex = (((', '(((', 'regular expression'],
    ['bantime = nonsense', 'bantime', 'nonsense'],
    ['maxretry = x', 'maxretry', "Wrong value for 'maxretry'"],
    ['backend = nosuch', 'backend', 'Unknown backend nosuch'],
    ['logencoding = klingon', 'logencoding', 'unknown encoding: klingon'],
    ['findtime = 5 parsecs', 'findtime', 'findtime: '],
    ['ignoreregex = a(', 'ignoreregex', 'regular expression'],
    ['bantime.maxtime = oops', 'bantime.maxtime', 'oops'],
    ['bantime.multipliers = 1 two', 'bantime.multipliers', 'two'],
  ])('finds what the test of fail2ban does not see: %s', async (line, option, reason) => {
    await using config = await createConfig({ 'jail.local': `[web]\n${line}\n` })
    expect(await testConfig(config, tools)).toMatchObject({ ok: true })
    const result = await rehearse(config, tools)
    expect(result.ok).toBe(false)
    expect(result.failedJails.map(({ name }) => name)).toEqual(['web'])
    expect(result.failedJails[0]?.reason).toContain(option)
    expect(result.failedJails[0]?.reason).toContain(reason)
    expect(result.output).toContain('web: ')
    expect(serversOf(config.path)).toEqual([])
  })

  it.each([
    ['a missing filter', '[web]\nfilter = nosuch\n', "Unable to read the filter 'nosuch'"],
    ['a missing action', '[web]\naction = nosuch\n', "Unable to read action 'nosuch'"],
    ['a missing log', '[web]\nlogpath = /nowhere/at/all\n', 'Have not found any log file'],
  ])('attributes %s to its jail', async (_, text, reason) => {
    await using config = await createConfig({ 'jail.local': text })
    const result = await rehearse(config, tools)
    expect(result.failedJails).toEqual([{ name: 'web', reason: expect.stringContaining(reason) }])
    const test = await testConfig(config, tools)
    expect(test).toMatchObject({ ok: false })
    expect(test.refusals).toEqual([{ jail: 'web', reason: expect.stringContaining(reason) }])
  })

  it('names every jail that is refused, each with all its reasons', async () => {
    await using config = await createConfig({
      'jail.local': '[web]\nfailregex = (((\nbantime = nonsense\n[mail]\nlogencoding = klingon\n',
    })
    const { failedJails } = await rehearse(config, tools)
    expect(failedJails.map(({ name }) => name).sort()).toEqual(['mail', 'web'])
    expect(failedJails.find(({ name }) => name === 'web')?.reason.split('\n').length).toBeGreaterThan(1)
    expect((await rehearse(config, tools, { jails: ['mail'] })).failedJails.map(({ name }) => name)).toEqual([
      'mail',
    ])
  })

  it('finds what is wrong with fail2ban itself', async () => {
    await using config = await createConfig({ 'fail2ban.local': '[Definition]\ndbpurgeage = soon\n' })
    expect(await rehearse(config, tools)).toMatchObject({
      ok: false,
      failedJails: [],
      refusals: [{ jail: null }],
      output: expect.stringContaining('dbpurgeage'),
    })
  })

  it('says of a configuration that is refused as a whole which jail it is, and vouches for no other', async () => {
    await using config = await createConfig({ 'jail.local': '[web]\nbantime = %(nowhere)s\n' })
    const result = await rehearse(config, tools, { jails: ['mail'] })
    expect(result.ok).toBe(false)
    expect(result.failedJails.map(({ name }) => name)).toContain('mail')
    expect(result.output).toContain("section 'web'")
  })

  it('names the live folder where the tools name the copy', async () => {
    await using config = await createConfig({ 'jail.local': '[web]\nx = 1\nx = 2\n' })
    const test = await testConfig(config, tools)
    expect(test.output).toContain('/etc/live/jail.local')
    expect(test.output).not.toContain(config.path)
    expect((await rehearse(config, tools)).output).toContain('/etc/live/jail.local')
  })

  it('has an end where fail2ban-client has none', async () => {
    await using config = await createConfig({ 'slow-client': '#!/bin/sh\nexec sleep 600\n' })
    execFileSync('chmod', ['+x', join(config.path, 'slow-client')])
    const slow = { client: join(config.path, 'slow-client'), server: 'fail2ban-server' }
    expect(await rehearse(config, slow, { deadline: 500 })).toMatchObject({
      ok: false,
      output: expect.stringContaining('did not finish'),
    })
    expect(await testConfig(config, slow, 300)).toMatchObject({
      ok: false,
      output: expect.stringContaining('did not finish'),
    })
    expect(serversOf(config.path)).toEqual([])
  })

  it('ends when its signal aborts, with nothing left running', async () => {
    await using config = await createConfig({ 'slow-client': '#!/bin/sh\nexec sleep 600\n' })
    execFileSync('chmod', ['+x', join(config.path, 'slow-client')])
    const stop = new AbortController()
    const running = rehearse(
      config,
      { client: join(config.path, 'slow-client'), server: 'fail2ban-server' },
      { signal: stop.signal },
    )
    const ended = running.catch((error: unknown) => error)
    await vi.waitFor(() => expect(serversOf(config.path)).toHaveLength(1), 5000)
    stop.abort()
    expect(await ended).toMatchObject({ name: 'AbortError' })
    expect(serversOf(config.path)).toEqual([])
  })

  it('says which program is missing', async () => {
    await using config = await createConfig()
    await expect(rehearse(config, { client: '/nowhere/fail2ban-client' })).rejects.toThrow(ToolMissingError)
    await expect(
      rehearse(config, { client: 'fail2ban-client', server: '/nowhere/fail2ban-server' }),
    ).rejects.toThrow(ToolMissingError)
    await expect(testConfig(config, { client: '/nowhere/fail2ban-client' })).rejects.toThrow(ToolMissingError)
  })

  it('says so when the server does not come up', async () => {
    await using config = await createConfig({ 'bad-server': '#!/bin/sh\necho no luck today >&2\nexit 3\n' })
    execFileSync('chmod', ['+x', join(config.path, 'bad-server')])
    const result = await rehearse(config, {
      client: 'fail2ban-client',
      server: join(config.path, 'bad-server'),
    })
    expect(result).toMatchObject({ ok: false, output: expect.stringContaining('no luck today') })
  })

  it('removes its folder, also where it fails', async () => {
    await using config = await createConfig({ 'jail.local': '[web]\nfailregex = (((\n' })
    await using place = await createFolder({})
    vi.stubEnv('TMPDIR', place.path)
    onTestFinished(() => void vi.unstubAllEnvs())
    await rehearse(config, tools)
    await expect(rehearse(config, { client: '/nowhere/fail2ban-client' })).rejects.toThrow(ToolMissingError)
    expect(await readdir(place.path)).toEqual([])
  })

  it('does not outlive a BanGUI that is killed', async () => {
    await using config = await createConfig({ 'slow-client': '#!/bin/sh\nexec sleep 60\n' })
    execFileSync('chmod', ['+x', join(config.path, 'slow-client')])
    const module = new URL('rehearse.ts', import.meta.url).href
    const folder = JSON.stringify({ path: config.path, configDir: config.path })
    const script = `(await import('${module}')).rehearse(${folder}, { client: '${config.path}/slow-client', server: 'fail2ban-server' })`
    const args = ['--conditions=@bangui/source', '--input-type=module', '-e', script]
    const child = spawn(process.execPath, args, {
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: config.path },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    // setpriv, which ties the server to its parent, has done so when the server itself runs
    const running = () => serversOf(config.path).filter((line) => !line.includes('--pdeathsig'))
    await vi.waitFor(() => expect(running()).toHaveLength(1))
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(serversOf(config.path)).toEqual([]))
  })
})
