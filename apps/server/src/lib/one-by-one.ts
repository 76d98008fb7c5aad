/** Makes a line for work on one thing: each waits until what came before it has ended, however it ended. */
export function createOneByOne(): <TResult>(work: () => Promise<TResult>) => Promise<TResult> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}
