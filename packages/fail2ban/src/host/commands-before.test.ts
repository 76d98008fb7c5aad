import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { valuesInStream } from '../config/compare-streams.ts'
import { dumpConfig } from '../config/dump-config.ts'
import { commandsBefore, commandsWithLogs } from './commands-before.ts'
import { createConfigReader } from './config-reader.ts'

const client = 'fail2ban-client'

async function createContext(program = client) {
  const folder = await createFolder({
    'fail2ban.conf': '[Definition]\nlogtarget = STDERR\n',
    'filter.d/f.conf': '[Definition]\nfailregex = ^<HOST>$\n',
  })
  const other = await createFolder({
    'a.log': '',
    client: `#!/bin/sh\necho asked >> "$(dirname "$0")/asked"\nexec ${client} "$@"\n`,
  })
  await folder.write(
    'jail.conf',
    `[DEFAULT]\nbackend = polling\nfilter = f\nenabled = true\n[web]\nlogpath = ${other.path}/*.log\n[app]\nlogpath = /dev/null\n`,
  )
  await chmod(join(other.path, 'client'), 0o755)
  const configDir = folder.path
  const source = { client: program === client ? client : join(other.path, program), configDir }
  const context = { ...source, configReader: createConfigReader(source) }
  const after = async () => (await dumpConfig({ path: configDir, configDir }, { client })).stream
  const logsOfWeb = ({ stream }: Awaited<ReturnType<typeof commandsBefore>>) =>
    valuesInStream(stream, 'web', 'addlogpath')
      .filter((value) => value.startsWith('/'))
      .toSorted()
  const dispose = async () => {
    await folder[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
  }
  return { other, context, after, logsOfWeb, [Symbol.asyncDispose]: dispose }
}

test('fail2ban-client is asked for the commands before a change once, while no file changes', async () => {
  await using at = await createContext('client')
  const asked = async () => (await readFile(join(at.other.path, 'asked'), 'utf8')).length / 'asked\n'.length
  const first = await commandsBefore(at.context)
  const known = await asked()
  expect((await commandsBefore(at.context)).stream).toBe(first.stream)
  expect(await commandsWithLogs(at.context, first, { after: await at.after(), named: [] })).toBe(first)
  expect(await asked()).toBe(known)
})

test('a log that appears in a jail meanwhile is among the commands before a change of another jail', async () => {
  await using at = await createContext()
  const before = await commandsBefore(at.context)
  await at.other.write('b.log', '')
  const after = await at.after()
  const logs = ['a.log', 'b.log'].map((name) => join(at.other.path, name))
  expect(at.logsOfWeb(await commandsWithLogs(at.context, before, { after, named: ['app'] }))).toEqual(logs)
  expect(await commandsWithLogs(at.context, before, { after, named: ['web'] })).toBe(before)
})
