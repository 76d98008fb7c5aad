/** Bytes that are no pickle, are cut off, or ask for more than their bounds allow. */
export class PickleError extends Error {
  override readonly name = 'PickleError'
}
