import { createSignal, type JSX, splitProps } from 'solid-js'
import { Button, type ButtonProps } from './button.tsx'

export type AsyncButtonProps = Omit<ButtonProps, 'onClick' | 'loading'> & {
  /** the action; until its promise settles, further clicks do nothing */
  onPress: () => Promise<unknown>
}

/** A button that runs one action at a time and is busy until it is done. `onPress` reports its own errors. */
export function AsyncButton(props: AsyncButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['onPress'])
  const [busy, setBusy] = createSignal(false)
  const press = async () => {
    setBusy(true)
    try {
      await own.onPress()
    } finally {
      setBusy(false)
    }
  }
  return <Button {...rest} loading={busy()} onClick={() => void press()} />
}
