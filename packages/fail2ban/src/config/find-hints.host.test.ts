import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { findFail2banVersions } from '../testing.ts'
import { readNamed } from './definitions.ts'
import { findHints } from './find-hints.ts'
import { readFail2banConfig } from './read-config.ts'

/** The hints about a folder with all of its filters and actions. */
async function hintsOf(configDir: string) {
  const config = await readFail2banConfig(configDir)
  const names = [
    ...[...(config.filters ?? [])].map((name) => `filter.d/${name}`),
    ...[...(config.actions ?? [])].filter((name) => !name.endsWith('.py')).map((name) => `action.d/${name}`),
  ]
  const hints = findHints(config, await readNamed(config, names))
  return hints.map(({ file, line, jail, message }) => ({
    place: `${file?.slice(configDir.length + 1)}:${line}`,
    jail,
    message,
  }))
}

describe('hints about names in the configuration', () => {
  it.each(findFail2banVersions())('are none about what comes with fail2ban $version', async ({ binDir }) => {
    expect(await hintsOf(binDir === undefined ? '/etc/fail2ban' : join(binDir, '..', 'conf'))).toEqual([])
  })

  it.each([
    ['bantimme', 'bantime'],
    ['bantme', 'bantime'],
    ['maxrety', 'maxretry'],
    ['max_retry', 'maxretry'],
    ['ban_time', 'bantime'],
    ['find_time', 'findtime'],
    ['ignorip', 'ignoreip'],
    ['ignore_ip', 'ignoreip'],
    ['log_path', 'logpath'],
    ['filters', 'filter'],
    ['actions', 'action'],
    ['enabeld', 'enabled'],
    ['retries', 'maxretry'],
    ['failregx', 'failregex'],
    ['bantime-increment', 'bantime.increment'],
  ])('name %s, which is %s', async (written, meant) => {
    await using folder = await createFolder({
      'jail.conf': `[DEFAULT]\nbantime = 1h\n[web]\nfilter = web\n${written} = 5\n`,
      'filter.d/web.conf': '[Definition]\nfailregex = <HOST>\n',
    })
    const message = `“${written}” is unknown to fail2ban and has no effect. Did you mean “${meant}”?`
    expect(await hintsOf(folder.path)).toEqual([{ place: 'jail.conf:5', jail: 'web', message }])
  })

  it('are none about variables, whatever they are like', async () => {
    await using folder = await createFolder({
      'jail.conf':
        '[DEFAULT]\nbantimes = 1h\nbantime = %(bantimes)s\nmy_own = x\n[web]\nfilter = web\nportt = 5\nBanTime = 5\n',
      'filter.d/web.conf': '[Definition]\nfailregexp = a\nfailregex = <failregexp> <HOST>\n',
    })
    expect(await hintsOf(folder.path)).toEqual([])
  })

  it.each([
    ['jail.local', '[DEFUALT]\nbantime = 1h\n', 'jail.local:2', 'DEFAULT'],
    ['jail.local', '[WebShop]\nenabled = true\n', 'jail.local:2', 'webshop'],
    ['jail.local', '[webshop ]\nenabled = true\n', 'jail.local:2', 'webshop'],
    ['fail2ban.local', '[Defintion]\nloglevel = INFO\n', 'fail2ban.local:2', 'Definition'],
    ['filter.d/webshop.local', '[definition]\nmaxlines = 2\n', 'filter.d/webshop.local:2', 'Definition'],
    ['action.d/block.local', '[Initt]\nset = x\n', 'action.d/block.local:2', 'Init'],
  ])('name the section that is meant: %s, %j', async (...row) => {
    const [file, text, place, meant] = row
    await using folder = await createFolder({
      'jail.conf': '[DEFAULT]\nfilter = %(__name__)s\n[webshop]\nbantime = 1h\n',
      'fail2ban.conf': '[Definition]\nloglevel = INFO\n',
      'filter.d/webshop.conf': '[Definition]\nfailregex = <HOST>\n',
      'action.d/block.conf': '[Definition]\nactionban = block <ip>\n',
      [file]: text,
    })
    const [hint, ...others] = await hintsOf(folder.path)
    expect(others).toEqual([])
    expect(hint).toMatchObject({ place })
    expect(hint?.message).toContain(`Did you mean [${meant}]?`)
  })
})
