import type { RegexTest, RegexTestInput } from '@bangui/shared'
import { createSignal, onCleanup } from 'solid-js'
import type { Api } from '../../api/client.ts'
import { describeError } from '../../api/errors.ts'

/** Runs tests of regexes, one at a time; a newer one ends the one before it. */
export function createLabTest(api: () => Pick<Api, 'config'>) {
  const [result, setResult] = createSignal<RegexTest>()
  const [problem, setProblem] = createSignal<string>()
  const [isRunning, setRunning] = createSignal(false)
  let running: AbortController | undefined

  const cancel = () => {
    running?.abort()
    running = undefined
    setRunning(false)
  }
  onCleanup(cancel)

  const run = async (input: RegexTestInput | string) => {
    cancel()
    if (typeof input === 'string') {
      setProblem(input)
      return
    }
    const own = new AbortController()
    running = own
    setProblem(undefined)
    setRunning(true)
    try {
      const found = await api().config.testRegex.mutate(input, { signal: own.signal })
      if (running === own) setResult(found)
    } catch (error) {
      if (running === own) setProblem(describeError(error).message)
    } finally {
      if (running === own) cancel()
    }
  }
  return { result, problem, isRunning, run, cancel }
}
