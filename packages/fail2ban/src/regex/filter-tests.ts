import { parseAddress, type FilterTest, type FilterTestResult } from '@bangui/shared'
import { ConfigRefusedError } from '../errors.ts'
import { findFilterFile } from './filter-folder.ts'
import { testInFolder, type RegexSettings } from './test-regex.ts'

/** Where the samples of a filter are tested: the live folder, or a staged copy with a change. */
export interface FilterTestPlace {
  readonly folder: string
  readonly filter: string
}

/**
 * Returns which samples of a filter pass. Each sample is a log of its own, since some filters connect lines.
 * @throws ToolMissingError; the reason of the signal
 */
export async function runFilterTests(
  settings: RegexSettings,
  place: FilterTestPlace,
  tests: readonly FilterTest[],
): Promise<FilterTestResult[]> {
  const results: FilterTestResult[] = []
  for (const test of tests) results.push(await runOne(settings, place, test))
  return results
}

async function runOne(
  settings: RegexSettings,
  { folder, filter }: FilterTestPlace,
  { id, line, address, mode }: FilterTest,
): Promise<FilterTestResult> {
  const failed = (problem: string): FilterTestResult => ({ id, passed: false, found: null, problem })
  try {
    const place = { path: folder, file: await findFilterFile(folder, filter) }
    const input = { folder: place, mode: mode ?? undefined, lines: [line] }
    const { lines, problem } = await testInFolder(settings, input, { suggests: false })
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

const isSame = (one: string | null, other: string | null) =>
  one !== null && other !== null && canonical(one) === canonical(other)

const canonical = (text: string) => parseAddress(text)?.text ?? text
