/** A value as fail2ban's Python has it: tuples, addresses and exceptions differ from lists and texts. */
export type PythonValue =
  | null
  | boolean
  | number
  | string
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>
  | PythonTuple
  | PythonCall

export interface PythonTuple {
  readonly tuple: readonly PythonValue[]
}

/** An object that is pickled as a call of a class: `str` for addresses, and exceptions. */
export interface PythonCall {
  readonly module: string
  readonly name: string
  readonly args: readonly PythonValue[]
}

/** A Python tuple. */
export const tuple = (...items: readonly PythonValue[]): PythonTuple => ({ tuple: items })

/** A banned address: fail2ban pickles its `IPAddr` as a call of `str` (server/ipdns.py). */
export const address = (text: string): PythonCall => ({ module: 'builtins', name: 'str', args: [text] })

/** A Python exception as a simulated command throws it. */
export class PythonException extends Error {
  override readonly name = 'PythonException'
  readonly call: PythonCall

  constructor(module: string, name: string, text: string) {
    super(text)
    this.call = { module, name, args: [text] }
  }
}
