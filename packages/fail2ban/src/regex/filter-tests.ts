import { parseAddress, type FilterTest, type FilterTestResult, type RegexFilter } from '@bangui/shared'
import { ConfigRefusedError } from '../errors.ts'
import { findFilterFile } from './filter-folder.ts'
import { testInFolder, testRegex, type RegexSettings } from './test-regex.ts'

/** What a sample is tested on: the filter in a folder, or regexes of a jail. */
export type FilterTestPlace = { readonly folder: string } | { readonly regexes: RegexFilter }

/**
 * Returns whether a sample passes. Each sample is a log of its own, since some filters connect lines.
 * @throws ToolMissingError; the reason of the signal
 */
export async function runFilterTest(
  settings: RegexSettings,
  place: FilterTestPlace,
  test: FilterTest,
): Promise<FilterTestResult> {
  const { id, address } = test
  const failed = (problem: string): FilterTestResult => ({ id, passed: false, found: null, problem })
  try {
    const { lines, problem } = await testOn(settings, place, test)
    if (problem !== null) return failed(problem.message)
    const [tested] = lines
    const found = tested?.matched?.address ?? null
    const passed = tested?.outcome === 'matched' ? isSame(found, address) : address === null
    return { id, passed, found: tested?.outcome === 'matched' ? found : null, problem: null }
  } catch (error) {
    if (error instanceof ConfigRefusedError) return failed(error.message)
    throw error
  }
}

async function testOn(settings: RegexSettings, place: FilterTestPlace, { filter, line, mode }: FilterTest) {
  if ('regexes' in place) return testRegex(settings, place.regexes, [line])
  const folder = { path: place.folder, file: await findFilterFile(place.folder, filter) }
  return testInFolder(settings, { folder, mode: mode ?? undefined, lines: [line] }, { suggests: false })
}

const isSame = (one: string | null, other: string | null) =>
  one !== null && other !== null && canonical(one) === canonical(other)

const canonical = (text: string) => parseAddress(text)?.text ?? text
