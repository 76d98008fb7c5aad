/** Why a list cannot be used, as a sentence for people. */
export class ListError extends Error {
  override readonly name = 'ListError'
}
