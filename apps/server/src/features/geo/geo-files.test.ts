import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeMmdb, type MmdbMap } from '../../../test/make-mmdb.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { createGeoFiles, type GeoFiles } from './geo-files.ts'
import { openMmdb } from './mmdb.ts'

let folder: string
let path: string
let files: GeoFiles | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bangui-geo-'))
  path = join(folder, 'own.mmdb')
})

afterEach(async () => {
  files?.close()
  await rm(folder, { recursive: true, force: true })
})

const builtAt = Date.UTC(2026, 0, 2)
const fileOf = (record: MmdbMap) => makeMmdb({ builtAt, records: { '8.8.8.0/24': record } })
const bundled = () => openMmdb(makeMmdb({ builtAt, records: { '8.0.0.0/8': { country_code: 'US' } } }))

/** Puts a file in place at once, as good tools do. */
async function put(bytes: Buffer): Promise<void> {
  await writeFile(`${path}.new`, bytes)
  await rename(`${path}.new`, path)
}

function open(own: string | null = path) {
  const log = createTestLog()
  files = createGeoFiles({ path: own, log: log.log, openBundled: bundled })
  return { files, log }
}

describe("the user's file", () => {
  it('goes before the bundled one, which knows the rest', async () => {
    await put(fileOf({ country_code: 'DE', asn: 'AS1', as_name: 'One' }))
    open()
    expect(files?.find('8.8.8.8')).toEqual({ country: 'DE', asn: 1, organisation: 'One' })
    expect(files?.find('8.1.1.1').country).toBe('US')
    expect(files?.status()).toEqual({
      provider: 'file',
      message: `${path}, built 2026-01-02.`,
      builtAt,
      hasNetworks: true,
    })
  })

  it('may know networks alone: the country is that of the bundled one', async () => {
    await put(fileOf({ asn: 'AS1' }))
    open()
    expect(files?.find('8.8.8.8')).toEqual({ country: 'US', asn: 1, organisation: null })
  })

  it('is read again when it changes, by itself', async () => {
    await put(fileOf({ country_code: 'DE' }))
    open()
    expect(files?.find('8.8.8.8').country).toBe('DE')
    await put(fileOf({ country_code: 'FR' }))
    await expect.poll(() => files?.find('8.8.8.8').country).toBe('FR')
  })

  it('that becomes bad leaves the one before, says so, and is taken when it is good again', async () => {
    await put(fileOf({ country_code: 'DE' }))
    const { log } = open()
    expect(files?.find('8.8.8.8').country).toBe('DE')
    await put(fileOf({ country_code: 'FR' }).subarray(0, 100))
    await files?.check()
    expect(files?.find('8.8.8.8').country).toBe('DE')
    expect(files?.status()).toMatchObject({
      provider: 'file',
      message: expect.stringContaining('The previous file is still in use.'),
    })
    await rm(path)
    await files?.check()
    expect(files?.status().message).toContain('there is no such file')
    await put(fileOf({ country_code: 'FR' }))
    await files?.check()
    expect(files?.find('8.8.8.8').country).toBe('FR')
    expect(files?.status().message).toBe(`${path}, built 2026-01-02.`)
    expect(log.events('warn')).toEqual(['geo_file_unusable', 'geo_file_unusable'])
  })

  it('that is missing gives way to the bundled one, and is found when it comes', async () => {
    open()
    expect(files?.find('8.8.8.8').country).toBe('US')
    expect(files?.status()).toMatchObject({
      provider: 'bundled',
      message: expect.stringMatching(/own\.mmdb cannot be used: there is no such file\. The bundled/),
    })
    await put(fileOf({ country_code: 'DE' }))
    await files?.check()
    expect(files?.find('8.8.8.8').country).toBe('DE')
  })

  it('that is a folder is refused in words', () => {
    open(folder)
    expect(files?.find('8.8.8.8').country).toBe('US')
    expect(files?.status().message).toContain('it is not a file')
  })
})

it('without any file nothing is known', () => {
  const { log } = createTestLog()
  const openBundled = () => {
    throw new Error('not installed')
  }
  files = createGeoFiles({ path: null, log, openBundled })
  expect(files.find('8.8.8.8')).toEqual({ country: null, asn: null, organisation: null })
  expect(files.status()).toMatchObject({ provider: 'none', builtAt: null })
})
