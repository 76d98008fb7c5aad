/** Prints, at the end of a run, the tests that passed only when they were run again, with the error of the first attempt. */
export default class UnstableTestsReporter {
  #unstable = []

  onTestCaseResult(test) {
    if (!test.diagnostic()?.flaky) return
    this.#unstable.push(
      `${test.module.relativeModuleId} > ${test.fullName}\n${describeError(test.result().errors?.[0])}`,
    )
  }

  onTestRunEnd() {
    if (this.#unstable.length === 0) return
    const list = this.#unstable.map((entry) => entry.replaceAll('\n', '\n    ')).join('\n\n')
    process.stdout.write(
      `\nUNSTABLE: ${this.#unstable.length} passed only at the second attempt.\n\n${list}\n\n`,
    )
  }
}

function describeError(error) {
  if (!error) return 'no error was kept'
  const { stack = error.message, diff = '' } = error
  const lines = stack.split('\n').filter((line) => !line.includes('/node_modules/'))
  return [...lines, diff].join('\n').trimEnd()
}
