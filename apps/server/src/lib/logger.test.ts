import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'

function capture(options: { level?: string; pretty?: boolean } = {}) {
  const lines: string[] = []
  const log = createLogger({ ...options, stream: { write: (line) => lines.push(line) } })
  return { log, lines }
}

it('writes the time, the level as a word, the event, the text, then the rest', () => {
  const { log, lines } = capture()
  log.info({ event: 'listening', url: 'http://127.0.0.1:8080/' }, 'listening')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(
    /^\{"time":"\d{4}-\d\d-\d\dT[\d:.]+Z","level":"info","event":"listening","msg":"listening","url":"http:\/\/127.0.0.1:8080\/"\}\n$/,
  )
})

it('writes the address and the name right after the event where a sign-in failed', () => {
  const { log, lines } = capture()
  const username = 'x","remoteAddress":"1.2.3.4","msg":"'
  log.warn({ event: 'login_failed', remoteAddress: '192.0.2.1', username }, 'login failed')
  expect(lines[0]).toMatch(
    /^\{"time":"[^"]+","level":"warn","event":"login_failed","remoteAddress":"192.0.2.1","username":/,
  )
  expect(lines[0]).toMatch(/,"msg":"login failed"\}\n$/)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ username, remoteAddress: '192.0.2.1' })
})

it.each([false, true])('shows what a terminal would obey or hide (pretty: %s)', (pretty) => {
  const { log, lines } = capture({ pretty })
  const username = 'a\u009B31m\u202Eb\u2028\u0085\u007F\u200B\u001B[31m\nc'
  log.warn({ event: 'login_failed', remoteAddress: '192.0.2.1', username }, 'login failed')
  expect(lines[0]).toContain('a\\u009b31m\\u202eb\\u2028\\u0085\\u007f\\u200b\\u001b[31m\\nc')
  if (!pretty) expect(JSON.parse(lines[0] ?? '')).toMatchObject({ username })
})

it('keeps every field whatever it holds', () => {
  const { log, lines } = capture()
  const fields = { event: 'odd', text: ',"msg":"no"', nested: { msg: 'inner' }, list: ['}'] }
  log.warn(fields, 'a "quoted" text}')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ ...fields, level: 'warn', msg: 'a "quoted" text}' })
})

it('writes a line without event or text', () => {
  const { log, lines } = capture()
  log.info({ a: 1 })
  log.info('only text')
  log.info({ event: 'silent' })
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { a: 1 },
    { msg: 'only text' },
    { event: 'silent' },
  ])
})

it('hides passwords, tokens and cookies', () => {
  const { log, lines } = capture()
  log.info({ event: 'x', password: 'one', headers: { cookie: 'two' }, a: { b: { token: 'three' } } }, 'x')
  expect(lines[0]).not.toMatch(/one|two|three/)
  expect(lines[0]?.match(/\(hidden\)/g)).toHaveLength(3)
})

it('writes an error with its cause', () => {
  const { log, lines } = capture()
  log.error({ event: 'failed', err: new Error('outer', { cause: new Error('inner') }) }, 'failed')
  expect(lines[0]).toContain('outer')
  expect(lines[0]).toContain('inner')
})

it('leaves out what is below its level', () => {
  const { log, lines } = capture({ level: 'warn' })
  log.info('no')
  log.warn('yes')
  expect(lines).toHaveLength(1)
})

it('writes for people on a terminal', () => {
  const { log, lines } = capture({ pretty: true })
  log.info({ event: 'listening', url: 'http://127.0.0.1:8080/' }, 'listening')
  expect(lines.join('')).toMatch(/INFO.*listening/)
  expect(lines.join('')).not.toMatch(/^\{/)
})
