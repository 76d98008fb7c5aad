import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { provideFail2banVersions } from '../lib/fail2ban-versions.mjs'

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'versions-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test('names every version that was not fetched', async () => {
  const missing = await provideFail2banVersions({ mayFetch: false, folder })
  expect(missing.length).toBeGreaterThanOrEqual(3)
  for (const { version, reason } of missing) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(reason).toBe('it was not fetched before')
  }
})

test('a mirror that cannot be reached is the reason why a version is missing, and leaves nothing behind', async () => {
  const sources = join(folder, 'sources.list')
  writeFileSync(sources, 'deb [trusted=yes] file:/nowhere/debian bookworm main\n')
  const settings = join(folder, 'apt.conf')
  writeFileSync(settings, `Dir::Etc::SourceList "${sources}";\nDir::Etc::SourceParts "/dev/null";\n`)
  vi.stubEnv('APT_CONFIG', settings)
  const missing = await provideFail2banVersions({ mayFetch: true, folder: join(folder, 'versions') })
  expect(missing.length).toBeGreaterThanOrEqual(3)
  for (const { reason } of missing)
    expect(reason).toMatch(/^apt-get failed: .*file:\/nowhere|^this is not Debian$/)
  expect(readdirSync(join(folder, 'versions'))).toEqual([])
})
